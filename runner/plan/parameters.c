#include "plan/parameters.h"

#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/number.h"
#include "support/suggest.h"

/* As many as a cell specification holds (SPECIFICATION_WORD_BYTES). */
#define PARAMETER_WORD_MOST 63

static bool gives(const char *word, const struct parameter *parameter)
{
	size_t length = strlen(parameter->name);

	return strncmp(word, parameter->name, length) == 0 && word[length] == '=';
}

const char *parameters_value(const struct parameter *parameter, const char *otherwise, const char *const *given,
			     unsigned count)
{
	const char *value = otherwise;

	for (unsigned i = 0; i < count; i++) {
		if (gives(given[i], parameter))
			value = given[i] + strlen(parameter->name) + 1;
	}
	return value;
}

bool parameters_given(const struct parameter *parameter, const char *const *given, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (gives(given[i], parameter))
			return true;
	}
	return false;
}

/* Whether `value` is one of the words in "a|b|c". */
static bool is_one_of(const char *value, const char *words)
{
	size_t length = strlen(value);

	while (length) {
		size_t this = strcspn(words, "|");

		if (this == length && strncmp(words, value, length) == 0)
			return true;
		if (words[this] == '\0')
			break;
		words += this + 1;
	}
	return false;
}

static int check_value(const struct parameter *parameter, const char *value)
{
	uint64_t number = 0;
	bool relative;
	int status;

	if (parameter->kind == PARAMETER_WORD)
		return is_one_of(value, parameter->words) ? 0 : -EINVAL;
	if (parameter->kind == PARAMETER_BYTES)
		status = number_parse_bytes(value, &number, &relative);
	else
		status = number_parse(value, &number);
	if (status < 0)
		return status;
	return number < parameter->least || number > parameter->most ? -ERANGE : 0;
}

static int refuse_value(const char *word, const struct scenario *scenario, const struct parameter *parameter,
			int status, struct err *err)
{
	static const char *const expected[] = {"a whole number", "a size like 512M, or +64M",
					       "one of the words it takes"};

	err_set(err, EINVAL, "cannot use --param %.80s: %s of %s %s", word, parameter->name, scenario->name,
		status == -ERANGE ? "is out of range" : "takes");
	if (status != -ERANGE)
		snprintf(err->text + strlen(err->text), sizeof(err->text) - strlen(err->text), " %s",
			 expected[parameter->kind]);
	if (parameter->kind == PARAMETER_WORD)
		return err_advise(err, "it takes %s", parameter->words);
	return err_advise(err, "it takes %" PRIu64 " to %" PRIu64, parameter->least, parameter->most);
}

/* Whether words for `choice` (NULL: for all choices) are for this scenario. */
static bool is_chosen(const struct scenario *scenario, const struct choice *choice, const struct selection *selection)
{
	for (unsigned i = 0; i < selection->skip_count; i++) {
		if (fnmatch(selection->skips[i], scenario->name, 0) == 0)
			return false;
	}
	if (choice)
		return fnmatch(choice->pattern, scenario->name, 0) == 0;
	for (unsigned i = 0; i < selection->choice_count; i++) {
		if (fnmatch(selection->choices[i].pattern, scenario->name, 0) == 0)
			return true;
	}
	return false;
}

static int refuse_name(const char *word, const struct catalogue *catalogue, const struct choice *choice,
		       const struct selection *selection, struct err *err)
{
	char name[64];
	struct suggestion near = {0};

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	for (unsigned i = 0; i < catalogue->count; i++) {
		const struct scenario *scenario = &catalogue->scenarios[i];

		for (unsigned j = 0; is_chosen(scenario, choice, selection) && j < scenario->parameter_count; j++)
			suggest_consider(&near, name, scenario->parameters[j].name);
	}
	err_set(err, EINVAL, "cannot use --param %.80s: no chosen scenario has a parameter \"%s\"", word, name);
	if (near.word)
		return err_advise(err, "did you mean \"%s\"?", near.word);
	return err_advise(err, "`enomem list` shows the parameters");
}

static int check_word_form(const char *word, struct err *err)
{
	if (!strchr(word, '=')) {
		err_set(err, EINVAL, "cannot use --param %.80s: it is not name=value", word);
		return err_advise(err, "write for example --param pages=2");
	}
	if (strlen(word) > PARAMETER_WORD_MOST) {
		err_set(err, EINVAL, "cannot use --param %.40s...: it is longer than %d characters", word,
			PARAMETER_WORD_MOST);
		return err_advise(err, "no value needs that many");
	}
	return 0;
}

/* 1 when the scenario declares it, 0 when not, -EINVAL when its value is none. */
static int check_against(const struct scenario *scenario, const char *word, struct err *err)
{
	for (unsigned i = 0; i < scenario->parameter_count; i++) {
		const struct parameter *parameter = &scenario->parameters[i];
		int status;

		if (!gives(word, parameter))
			continue;
		status = check_value(parameter, word + strlen(parameter->name) + 1);
		return status < 0 ? refuse_value(word, scenario, parameter, status, err) : 1;
	}
	return 0;
}

static int check_words(const struct catalogue *catalogue, const struct choice *choice,
		       const struct selection *selection, const char *const *given, unsigned count, struct err *err)
{
	for (unsigned i = 0; i < count; i++) {
		int status = check_word_form(given[i], err);
		bool taken = false;

		for (unsigned j = 0; j < catalogue->count && status >= 0; j++) {
			if (!is_chosen(&catalogue->scenarios[j], choice, selection))
				continue;
			status = check_against(&catalogue->scenarios[j], given[i], err);
			taken |= status > 0;
		}
		if (status < 0)
			return status;
		if (!taken)
			return refuse_name(given[i], catalogue, choice, selection, err);
	}
	return 0;
}

int parameters_check(const struct catalogue *catalogue, const struct selection *selection, struct err *err)
{
	int status = check_words(catalogue, NULL, selection, selection->parameters, selection->parameter_count, err);

	for (unsigned i = 0; i < selection->choice_count && status == 0; i++) {
		const struct choice *choice = &selection->choices[i];

		status = check_words(catalogue, choice, selection, choice->parameters, choice->parameter_count, err);
	}
	return status;
}
