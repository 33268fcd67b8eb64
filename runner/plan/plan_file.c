#include "plan/plan_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan_yaml.h"
#include "plan/text_file.h"
#include "support/number.h"
#include "support/suggest.h"

#define CHOICES_MOST 64
#define CONFIGURATIONS_MOST 256
#define REPEATS_MOST 100000

/* Say what is wrong with a node, and where it stands. */
static int bad(const struct plan_yaml *yaml, const yaml_node_t *node, const char *field, const char *reason,
	       struct err *err)
{
	err_set(err, EINVAL, "%s", reason);
	return plan_yaml_at(yaml, node, field, err);
}

static int unknown_field(const struct plan_yaml *yaml, const yaml_node_t *node, const char *field, const char *key,
			 const char *const *known, struct err *err)
{
	struct suggestion near = {0};

	err_set(err, EINVAL, "there is no such field");
	for (; *known; known++)
		suggest_consider(&near, key, *known);
	if (near.word)
		err_advise(err, "did you mean \"%s\"?", near.word);
	else
		err_advise(err, "plans/example.yaml shows all fields");
	return plan_yaml_at(yaml, node, field, err);
}

/* A string that lives as long as the plan. NULL when there is no memory. */
static const char *keep(struct plan_file *file, const char *text)
{
	char **more = reallocarray(file->strings, file->string_count + 1, sizeof(*more));
	char *copy = more ? strdup(text) : NULL;

	if (more)
		file->strings = more;
	if (copy)
		file->strings[file->string_count++] = copy;
	return copy;
}

/* The scenario that is being read; parameters[] is its own until it is taken into the plan. */
struct reading {
	struct plan_file *file;
	struct choice choice;
};

static int take_parameter(struct plan_yaml *yaml, const char *key, yaml_node_t *value, const char *field, void *context,
			  struct err *err)
{
	struct reading *reading = context;
	struct choice *choice = &reading->choice;
	const char *text = plan_yaml_scalar(value);
	const char **more;
	char word[256];

	if (!text || !*text)
		return bad(yaml, value, field, "one value is expected here", err);
	if (choice->parameter_count == PARAMETERS_MOST)
		return bad(yaml, value, field, "no scenario has so many parameters", err);
	snprintf(word, sizeof(word), "%.100s=%.150s", key, text);
	more = reallocarray((void *)choice->parameters, choice->parameter_count + 1, sizeof(*more));
	if (!more)
		return err_no_memory(err);
	choice->parameters = more;
	more[choice->parameter_count] = keep(reading->file, word);
	if (!more[choice->parameter_count])
		return err_no_memory(err);
	choice->parameter_count++;
	return 0;
}

static int take_pattern(struct plan_yaml *yaml, const yaml_node_t *node, const char *field, struct reading *reading,
			struct err *err)
{
	const char *text = plan_yaml_scalar(node);

	if (!text || !*text)
		return bad(yaml, node, field, "a scenario's name is expected here", err);
	reading->choice.pattern = keep(reading->file, text);
	return reading->choice.pattern ? 0 : err_no_memory(err);
}

static int take_glob(struct plan_yaml *yaml, const yaml_node_t *node, const char *field, struct reading *reading,
		     struct err *err)
{
	const char *text = plan_yaml_scalar(node);

	if (!text || !*text)
		return bad(yaml, node, field, "a glob of configurations' names is expected here", err);
	reading->choice.configurations = keep(reading->file, text);
	return reading->choice.configurations ? 0 : err_no_memory(err);
}

static int take_scenario_field(struct plan_yaml *yaml, const char *key, yaml_node_t *value, const char *field,
			       void *context, struct err *err)
{
	static const char *const known[] = {"name", "parameters", "configurations", NULL};

	if (strcmp(key, "name") == 0)
		return take_pattern(yaml, value, field, context, err);
	if (strcmp(key, "parameters") == 0)
		return plan_yaml_is_null(value) ? 0
						: plan_yaml_each_pair(yaml, value, field, take_parameter, context, err);
	if (strcmp(key, "configurations") == 0)
		return take_glob(yaml, value, field, context, err);
	return unknown_field(yaml, value, field, key, known, err);
}

static int take_scenario(struct plan_yaml *yaml, yaml_node_t *item, const char *field, void *context, struct err *err)
{
	struct plan_file *file = context;
	struct reading reading = {.file = file};
	struct choice *more;
	int status;

	if (file->choice_count == CHOICES_MOST)
		return bad(yaml, item, field, "more than 64 scenarios are too many", err);
	if (item->type == YAML_MAPPING_NODE)
		status = plan_yaml_each_pair(yaml, item, field, take_scenario_field, &reading, err);
	else
		status = take_pattern(yaml, item, field, &reading, err);
	if (status == 0 && !reading.choice.pattern)
		status = bad(yaml, item, field, "the scenario's name is missing", err);
	more = status == 0 ? reallocarray(file->choices, file->choice_count + 1, sizeof(*more)) : NULL;
	if (!more) {
		free((void *)reading.choice.parameters);
		return status < 0 ? status : err_no_memory(err);
	}
	file->choices = more;
	more[file->choice_count++] = reading.choice;
	return 0;
}

static int take_environment(struct plan_yaml *yaml, yaml_node_t *item, const char *field, void *context,
			    struct err *err)
{
	struct plan_file *file = context;
	const char *word = plan_yaml_scalar(item);
	struct environment_choice choice;

	if (!word || !*word)
		return bad(yaml, item, field, "an environment's name is expected here", err);
	if (environment_choice_parse(word, &choice, err) < 0)
		return plan_yaml_at(yaml, item, field, err);
	for (unsigned i = 0; i < file->environment_count; i++) {
		if (environment_choice_same(&file->environments[i], &choice))
			return bad(yaml, item, field, "the same environment stands here twice", err);
	}
	if (file->environment_count == ENVIRONMENTS_MOST)
		return bad(yaml, item, field, "there are too many environments", err);
	file->environments[file->environment_count++] = choice;
	return 0;
}

static int take_setting(struct plan_yaml *yaml, const char *key, yaml_node_t *value, const char *field, void *context,
			struct err *err)
{
	struct configuration *configuration = context;
	const struct knob *knob = knob_find(key);
	const char *text = plan_yaml_scalar(value);
	struct setting setting;

	if (!knob) {
		knob_unknown(key, err);
		return plan_yaml_at(yaml, value, field, err);
	}
	if (!text)
		return bad(yaml, value, field, "one value is expected here", err);
	if (setting_parse(knob, text, &setting, err) < 0)
		return plan_yaml_at(yaml, value, field, err);
	configuration_set(configuration, &setting);
	return 0;
}

static int take_configuration(struct plan_yaml *yaml, const char *key, yaml_node_t *value, const char *field,
			      void *context, struct err *err)
{
	struct plan_file *file = context;
	struct configuration *more, configuration = {0};
	int status = 0;

	if (file->configuration_count == CONFIGURATIONS_MOST)
		return bad(yaml, value, field, "more than 256 configurations are too many", err);
	if (configuration_name(&configuration, key, err) < 0)
		return plan_yaml_at(yaml, value, field, err);
	if (!plan_yaml_is_null(value))
		status = plan_yaml_each_pair(yaml, value, field, take_setting, &configuration, err);
	if (status == 0 && (status = configuration_check(&configuration, err)) < 0)
		plan_yaml_at(yaml, value, field, err);
	if (status < 0)
		return status;
	more = reallocarray(file->configurations, file->configuration_count + 1, sizeof(*more));
	if (!more)
		return err_no_memory(err);
	file->configurations = more;
	more[file->configuration_count++] = configuration;
	return 0;
}

static int take_configurations(struct plan_yaml *yaml, yaml_node_t *value, const char *field, struct plan_file *file,
			       struct err *err)
{
	if (plan_yaml_is_null(value) ||
	    (value->type == YAML_MAPPING_NODE && value->data.mapping.pairs.start == value->data.mapping.pairs.top))
		return bad(yaml, value, field, "it is empty", err);
	return plan_yaml_each_pair(yaml, value, field, take_configuration, file, err);
}

static int take_repeat(struct plan_yaml *yaml, const yaml_node_t *value, const char *field, struct plan_file *file,
		       struct err *err)
{
	const char *text = plan_yaml_scalar(value);

	if (text && number_parse(text, &file->repeats) == 0 && file->repeats >= 1 && file->repeats <= REPEATS_MOST)
		return 0;
	return bad(yaml, value, field, "a number from 1 to 100000 is expected here", err);
}

static int take_field(struct plan_yaml *yaml, const char *key, yaml_node_t *value, const char *field, void *context,
		      struct err *err)
{
	static const char *const known[] = {"scenarios", "environments", "configurations", "repeat", NULL};

	if (strcmp(key, "scenarios") == 0)
		return plan_yaml_each_item(yaml, value, field, take_scenario, context, err);
	if (strcmp(key, "environments") == 0)
		return plan_yaml_each_item(yaml, value, field, take_environment, context, err);
	if (strcmp(key, "configurations") == 0)
		return take_configurations(yaml, value, field, context, err);
	if (strcmp(key, "repeat") == 0)
		return take_repeat(yaml, value, field, context, err);
	return unknown_field(yaml, value, field, key, known, err);
}

int plan_file_parse(const char *text, size_t length, const char *name, struct plan_file *ret, struct err *err)
{
	struct plan_yaml yaml;
	yaml_node_t *root;
	int status;

	*ret = (struct plan_file){0};
	status = plan_yaml_load(text, length, name, &yaml, err);
	if (status < 0)
		return status;
	root = yaml_document_get_root_node(&yaml.document);
	if (!root || plan_yaml_is_null(root) ||
	    (root->type == YAML_MAPPING_NODE && root->data.mapping.pairs.start == root->data.mapping.pairs.top)) {
		err_set(err, EINVAL, "cannot read %.120s: the plan is empty", name);
		status = err_advise(err, "plans/example.yaml is one");
	} else {
		status = plan_yaml_each_pair(&yaml, root, "", take_field, ret, err);
	}
	yaml_document_delete(&yaml.document);
	if (status < 0)
		plan_file_free(ret);
	return status;
}

int plan_file_load(const char *path, struct plan_file *ret, struct err *err)
{
	char *text = NULL;
	size_t length = 0;
	int status = text_file_read(path, &text, &length, err);

	*ret = (struct plan_file){0};
	if (status == 0)
		status = plan_file_parse(text, length, path, ret, err);
	free(text);
	return status;
}

void plan_file_free(struct plan_file *file)
{
	for (unsigned i = 0; i < file->choice_count; i++)
		free((void *)file->choices[i].parameters);
	for (size_t i = 0; i < file->string_count; i++)
		free(file->strings[i]);
	free(file->choices);
	free(file->configurations);
	free(file->strings);
	*file = (struct plan_file){0};
}
