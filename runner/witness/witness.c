#include "witness/witness.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *witness_returns_word(enum witness_returns returns)
{
	static const char *const words[WITNESS_RETURNS] = {"errno", "address", "false", "true"};

	return words[returns];
}

const char *witness_value_text(const struct witness_return *returned)
{
	if (witness_is_predicate(returned))
		return returned->value ? "true" : "false";
	return err_name((int)-returned->value);
}

bool witness_is_refusal(const struct witness_return *returned)
{
	switch (returned->returns) {
	case RETURNS_FALSE: return returned->value == 0;
	case RETURNS_TRUE: return returned->value == 1;
	case RETURNS_ERRNO:
	case RETURNS_ADDRESS:
	case WITNESS_RETURNS: break;
	}
	return returned->value < 0 && returned->value >= -4095;
}

bool witness_is_predicate(const struct witness_return *returned)
{
	return returned->returns == RETURNS_FALSE || returned->returns == RETURNS_TRUE;
}

bool witness_probed(const struct witness *witness, const char *function)
{
	for (unsigned i = 0; i < witness->probed_count; i++) {
		if (strcmp(witness->probed[i], function) == 0)
			return true;
	}
	return false;
}

unsigned witness_stack(const struct witness *witness, unsigned index, const char *ret[WITNESS_FRAMES_MOST])
{
	const struct witness_return *origin = &witness->chain[index];
	unsigned count = 0;

	for (unsigned i = 0; i < origin->frame_count; i++)
		ret[count++] = origin->frames[i];
	if (count > 1)
		return count;
	for (unsigned i = index + 1; i < witness->chain_count && count < WITNESS_FRAMES_MOST; i++) {
		if (witness->chain[i].frame_count)
			ret[count++] = witness->chain[i].frames[0];
	}
	return count;
}

static json_t *return_to_json(const struct witness_return *returned)
{
	json_t *frames = json_array();

	for (unsigned i = 0; i < returned->frame_count; i++)
		json_array_append_new(frames, json_string(returned->frames[i]));
	return json_pack("{s:s, s:s, s:I, s:o}", "function", returned->function, "kind",
			 witness_returns_word(returned->returns), "value", (json_int_t)returned->value, "stack",
			 frames);
}

json_t *witness_to_json(const struct witness *witness)
{
	json_t *chain = json_array(), *probed = json_array();

	for (unsigned i = 0; i < witness->chain_count; i++)
		json_array_append_new(chain, return_to_json(&witness->chain[i]));
	for (unsigned i = 0; i < witness->probed_count; i++)
		json_array_append_new(probed, json_string(witness->probed[i]));
	return json_pack("{s:s, s:i, s:o, s:o}", "problem", witness->problem, "errno", witness->error, "chain", chain,
			 "probed", probed);
}

static int bad(struct err *err, const char *member)
{
	return err_set(err, EINVAL, "cannot read witness: bad \"%s\"", member);
}

/* Names of functions, nothing else: they are printed. */
static int read_name(const json_t *json, char ret[WITNESS_NAME_BYTES])
{
	static const char *const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
	const char *name = json_string_value(json);

	if (!name || !*name || strlen(name) >= WITNESS_NAME_BYTES || name[strspn(name, allowed)])
		return -EINVAL;
	snprintf(ret, WITNESS_NAME_BYTES, "%s", name);
	return 0;
}

static int read_names(const json_t *list, char (*ret)[WITNESS_NAME_BYTES], unsigned most, unsigned *ret_count)
{
	size_t count = json_array_size(list);

	if (!json_is_array(list) || count > most)
		return -EINVAL;
	for (size_t i = 0; i < count; i++) {
		if (read_name(json_array_get(list, i), ret[i]) < 0)
			return -EINVAL;
	}
	*ret_count = (unsigned)count;
	return 0;
}

static int read_kind(const char *word, enum witness_returns *ret)
{
	for (int kind = 0; word && kind < WITNESS_RETURNS; kind++) {
		if (strcmp(word, witness_returns_word((enum witness_returns)kind)) == 0) {
			*ret = (enum witness_returns)kind;
			return 0;
		}
	}
	return -EINVAL;
}

static int read_return(const json_t *json, struct witness_return *ret)
{
	const json_t *value = json_object_get(json, "value");

	if (read_name(json_object_get(json, "function"), ret->function) < 0 ||
	    read_kind(json_string_value(json_object_get(json, "kind")), &ret->returns) < 0 || !json_is_integer(value) ||
	    read_names(json_object_get(json, "stack"), ret->frames, WITNESS_FRAMES_MOST, &ret->frame_count) < 0)
		return -EINVAL;
	ret->value = json_integer_value(value);
	return witness_is_refusal(ret) ? 0 : -EINVAL;
}

int witness_from_json(const json_t *json, struct witness *ret, struct err *err)
{
	static const struct witness none;
	const char *problem = json_string_value(json_object_get(json, "problem"));
	const json_t *chain = json_object_get(json, "chain");
	json_int_t error = json_integer_value(json_object_get(json, "errno"));

	*ret = none;
	if (!problem)
		return bad(err, "problem");
	if (!json_is_integer(json_object_get(json, "errno")) || error < 0 || error > 4095)
		return bad(err, "errno");
	if (!json_is_array(chain) || json_array_size(chain) > WITNESS_CHAIN_MOST)
		return bad(err, "chain");
	snprintf(ret->problem, sizeof(ret->problem), "%s", problem);
	ret->error = (int)error;
	for (; ret->chain_count < json_array_size(chain); ret->chain_count++) {
		if (read_return(json_array_get(chain, ret->chain_count), &ret->chain[ret->chain_count]) < 0)
			return bad(err, "chain");
	}
	if (read_names(json_object_get(json, "probed"), ret->probed, WITNESS_PROBED_MOST, &ret->probed_count) < 0)
		return bad(err, "probed");
	return 0;
}
