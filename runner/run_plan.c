#include "run_plan.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plan/sysctl_file.h"
#include "support/suggest.h"

/* A file of that name, or the built-in plan: plans/NAME.yaml beside the catalogue. */
static int load_plan(const char *name, struct plan_file *ret, struct err *err)
{
	char directory[PATH_MAX], path[PATH_MAX + 128];
	struct err ignored = {0};

	if (access(name, F_OK) == 0 || strchr(name, '/') || strchr(name, '.'))
		return plan_file_load(name, ret, err);
	if (catalogue_find_directory(directory, sizeof(directory), &ignored) == 0) {
		snprintf(path, sizeof(path), "%s/plans/%.100s.yaml", directory, name);
		if (access(path, R_OK) == 0)
			return plan_file_load(path, ret, err);
	}
	err_set(err, ENOENT, "cannot use plan \"%.80s\": there is no such file, and no built-in plan of that name",
		name);
	return err_advise(err, "the built-in plans are \"core\" and \"kernels\"");
}

static int add_configuration(struct run_plan *plan, const struct configuration *configuration, struct err *err)
{
	struct configuration *more;

	for (unsigned i = 0; i < plan->configuration_count; i++) {
		if (strcmp(plan->configurations[i].name, configuration->name) != 0)
			continue;
		err_set(err, EINVAL, "cannot use two configurations named \"%s\"", configuration->name);
		return err_advise(err, "give one of them another name");
	}
	more = reallocarray(plan->configurations, plan->configuration_count + 1, sizeof(*more));
	if (!more)
		return err_no_memory(err);
	more[plan->configuration_count++] = *configuration;
	plan->configurations = more;
	return 0;
}

/* Put what an option is about before the sentence that says what is wrong with it. */
static int blame(struct err *err, const char *option, const char *word)
{
	char reason[sizeof(err->text)];

	snprintf(reason, sizeof(reason), "%s", err->text);
	snprintf(err->text, sizeof(err->text), "cannot use %s %.100s: %.330s", option, word, reason);
	return -err->code;
}

/* NAME, or NAME:KNOB=VALUE,KNOB=VALUE */
static int parse_configuration(const char *word, struct configuration *ret, struct err *err)
{
	char copy[1024], *position = NULL;
	size_t length = strcspn(word, ":");
	int status;

	*ret = (struct configuration){0};
	if (strlen(word) >= sizeof(copy))
		return err_set(err, EINVAL, "it is too long");
	snprintf(copy, sizeof(copy), "%.*s", (int)length, word);
	status = configuration_name(ret, copy, err);
	if (status < 0 || word[length] == '\0')
		return status;
	snprintf(copy, sizeof(copy), "%s", word + length + 1);
	for (char *one = strtok_r(copy, ",", &position); one && status == 0; one = strtok_r(NULL, ",", &position))
		status = configuration_parse_word(ret, one, err);
	return status;
}

static int add_given(const struct run_options *options, struct run_plan *plan, struct err *err)
{
	struct configuration configuration;
	unsigned others = 0;
	int status = 0;

	for (unsigned i = 0; i < plan->file.configuration_count && status == 0; i++)
		status = add_configuration(plan, &plan->file.configurations[i], err);
	for (unsigned i = 0; i < options->configuration_count && status == 0; i++) {
		status = parse_configuration(options->configurations[i], &configuration, err);
		if (status == 0)
			status = add_configuration(plan, &configuration, err);
		if (status == -EINVAL)
			blame(err, "--config", options->configurations[i]);
	}
	for (unsigned i = 0; i < options->sysctl_file_count && status == 0; i++) {
		status = sysctl_file_load(options->sysctl_files[i], &configuration, &others, err);
		plan->sysctl_others += others;
		if (status == 0)
			status = add_configuration(plan, &configuration, err);
	}
	if (status < 0 || plan->configuration_count)
		return status;
	configuration = (struct configuration){0};
	snprintf(configuration.name, sizeof(configuration.name), "%s", options->setting_count ? "set" : "default");
	return add_configuration(plan, &configuration, err);
}

/* --set counts in every configuration; what contradicts is found when all is there. */
static int add_settings(const struct run_options *options, struct run_plan *plan, struct err *err)
{
	int status = 0;

	for (unsigned i = 0; i < plan->configuration_count && status == 0; i++) {
		struct configuration *configuration = &plan->configurations[i];

		for (unsigned j = 0; j < options->setting_count && status == 0; j++) {
			status = configuration_parse_word(configuration, options->settings[j], err);
			if (status < 0)
				blame(err, "--set", options->settings[j]);
		}
		if (status == 0 && (status = configuration_check(configuration, err)) < 0)
			blame(err, "configuration", configuration->name);
	}
	return status;
}

static int add_environment(struct run_plan *plan, const struct environment_choice *choice, struct err *err)
{
	for (unsigned i = 0; i < plan->selection.environment_count; i++) {
		if (environment_choice_same(&plan->environments[i], choice))
			return 0;
	}
	if (plan->selection.environment_count == ENVIRONMENTS_MOST)
		return err_set(err, E2BIG, "cannot take more than %d environments", ENVIRONMENTS_MOST);
	plan->environments[plan->selection.environment_count++] = *choice;
	return 0;
}

/* One word of --env, which may be a list with commas. */
static int add_environments(const char *words, struct run_plan *plan, struct err *err)
{
	struct environment_choice choice;
	char copy[2048], *position = NULL;
	int status = 0;

	if (strlen(words) >= sizeof(copy))
		return err_set(err, EINVAL, "cannot use --env %.40s...: it is too long", words);
	strcpy(copy, words);
	for (char *word = strtok_r(copy, ",", &position); word && status == 0; word = strtok_r(NULL, ",", &position)) {
		status = environment_choice_parse(word, &choice, err);
		if (status < 0)
			blame(err, "--env", word);
		else
			status = add_environment(plan, &choice, err);
	}
	return status;
}

static int read_environments(const struct run_options *options, struct run_plan *plan, struct err *err)
{
	int status = 0;

	for (unsigned i = 0; i < options->environment_count && status == 0; i++)
		status = add_environments(options->environments[i], plan, err);
	for (unsigned i = 0; options->environment_count == 0 && i < plan->file.environment_count && status == 0; i++)
		status = add_environment(plan, &plan->file.environments[i], err);
	return status;
}

/* Not said: where nothing is changed, unless that is allowed (or only imagined) and needed. */
static void choose_environment(const struct run_options *options, struct run_plan *plan)
{
	bool needed = false;

	for (unsigned i = 0; i < plan->configuration_count; i++)
		needed |= configuration_unsettable(&plan->configurations[i], ENVIRONMENT_NS) != NULL;
	if (plan->selection.environment_count == 0)
		plan->environments[plan->selection.environment_count++].id =
			needed && (options->allow_host_changes || options->dry_run) ? ENVIRONMENT_HOST : ENVIRONMENT_NS;
}

static int check_permission(const struct run_options *options, const struct run_plan *plan, struct err *err)
{
	for (unsigned i = 0; i < plan->selection.environment_count; i++) {
		if (plan->environments[i].id != ENVIRONMENT_HOST || options->allow_host_changes || options->dry_run)
			continue;
		err_set(err, EPERM,
			"cannot use environment host: it changes settings of this whole machine while it runs");
		return err_advise(err,
				  "--allow-host-changes permits that, to root, and all is put back; --dry-run shows "
				  "what would be changed");
	}
	return 0;
}

int run_plan_make(const struct run_options *options, struct run_plan *ret, struct err *err)
{
	struct selection *selection = &ret->selection;
	int status = 0;

	*ret = (struct run_plan){0};
	if (options->plan)
		status = load_plan(options->plan, &ret->file, err);
	if (status == 0)
		status = add_given(options, ret, err);
	if (status == 0)
		status = add_settings(options, ret, err);
	if (status == 0)
		status = read_environments(options, ret, err);
	if (status < 0)
		return status;
	choose_environment(options, ret);
	for (unsigned i = 0; i < options->pattern_count; i++)
		ret->choices[i].pattern = options->patterns[i];
	selection->choices = options->pattern_count ? ret->choices : ret->file.choices;
	selection->choice_count = options->pattern_count ? options->pattern_count : ret->file.choice_count;
	selection->skips = options->skips;
	selection->skip_count = options->skip_count;
	selection->parameters = options->parameters;
	selection->parameter_count = options->parameter_count;
	selection->configurations = ret->configurations;
	selection->configuration_count = ret->configuration_count;
	selection->environments = ret->environments;
	selection->repeats = (unsigned)(options->repeats    ? options->repeats
					: ret->file.repeats ? ret->file.repeats
							    : 1);
	return check_permission(options, ret, err);
}

void run_plan_free(struct run_plan *plan)
{
	plan_file_free(&plan->file);
	free(plan->configurations);
	*plan = (struct run_plan){0};
}
