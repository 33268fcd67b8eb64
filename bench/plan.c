/*
 * What a plan costs beside bare loops that make the same calls under the same settings:
 * `bench-plan ENOMEM BARE [RUNS]`. Sets vm.* of this machine and puts it back. As root.
 * Pairs both, run by run, and prints the median of the ratios.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MOST 101

/* In an order that works: the mode last, and of ratio and kbytes the one that is in force. */
static const char *const knobs[] = {"overcommit_kbytes", "overcommit_ratio", "max_map_count", "overcommit_memory"};

#define KNOB_COUNT (sizeof(knobs) / sizeof(*knobs))

static char before[KNOB_COUNT][32];

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static FILE *open_knob(const char *name, const char *mode)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/vm/%s", name);
	file = fopen(path, mode);
	if (!file) {
		perror(path);
		exit(3);
	}
	return file;
}

static void write_knob(const char *name, const char *value)
{
	FILE *file = open_knob(name, "we");

	fprintf(file, "%s", value);
	fclose(file);
}

static void read_knobs(void)
{
	for (size_t i = 0; i < KNOB_COUNT; i++) {
		FILE *file = open_knob(knobs[i], "re");

		if (!fgets(before[i], sizeof(before[i]), file))
			exit(3);
		before[i][strcspn(before[i], "\n")] = '\0';
		fclose(file);
	}
}

static void put_back(void)
{
	write_knob("overcommit_memory", before[3]);
	for (size_t i = 0; i < KNOB_COUNT; i++) {
		if (strcmp(before[i], "0") != 0 || i > 1)
			write_knob(knobs[i], before[i]);
	}
}

static void apply(const json_t *settings)
{
	put_back();
	for (size_t i = 0; i < KNOB_COUNT; i++) {
		char name[64], value[32];
		const json_t *setting;

		snprintf(name, sizeof(name), "vm.%s", knobs[i]);
		setting = json_object_get(settings, name);
		snprintf(value, sizeof(value), "%lld", (long long)json_integer_value(setting));
		if (setting)
			write_knob(knobs[i], value);
	}
}

static double run_silent(char *const arguments[], const char *output)
{
	double started = now_s();
	pid_t pid = fork();

	if (pid == 0) {
		if (!freopen(output, "w", stdout))
			_exit(127);
		execv(arguments[0], arguments);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	return now_s() - started;
}

/* The bare loop of one result, under its settings. */
static double run_bare(char *bare, const json_t *result)
{
	const json_t *settings = json_object_get(result, "settings");
	const json_t *as = json_object_get(settings, "rlimit.as");
	char limit[32];
	char *arguments[] = {bare, (char *)json_string_value(json_object_get(result, "scenario")), as ? limit : NULL,
			     NULL};

	snprintf(limit, sizeof(limit), "%lld", (long long)json_integer_value(as));
	apply(settings);
	return run_silent(arguments, "/dev/null");
}

static double run_all_bare(char *bare, const char *results, unsigned *ret_cells)
{
	char *line = NULL;
	size_t size = 0;
	double seconds = 0;
	FILE *file = fopen(results, "re");

	for (*ret_cells = 0; file && getline(&line, &size, file) > 0; ++*ret_cells) {
		json_t *result = json_loads(line, 0, NULL);

		if (strcmp(json_string_value(json_object_get(result, "verdict")), "EXACT") != 0)
			fprintf(stderr, "bench-plan: not EXACT: %.300s\n", line);
		seconds += run_bare(bare, result);
		json_decref(result);
	}
	put_back();
	free(line);
	if (file)
		fclose(file);
	return seconds;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char *argv[])
{
	unsigned runs = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 5, cells = 0;
	double ratios[RUNS_MOST], bare_s[RUNS_MOST], our_s[RUNS_MOST];
	char results[] = "/tmp/enomem-bench-XXXXXX";
	int fd;

	if (argc < 3 || runs < 1 || runs > RUNS_MOST || (fd = mkstemp(results)) == -1) {
		fprintf(stderr, "usage: bench-plan ENOMEM BARE [RUNS]\n");
		return 2;
	}
	close(fd);
	read_knobs();
	for (unsigned i = 0; i < runs; i++) {
		char *arguments[] = {argv[1],    "run",  "--plan", "core", "--allow-host-changes",
				     "--format", "json", NULL};

		our_s[i] = run_silent(arguments, results);
		bare_s[i] = run_all_bare(argv[2], results, &cells);
		ratios[i] = our_s[i] / bare_s[i];
	}
	unlink(results);
	qsort(our_s, runs, sizeof(*our_s), ascending);
	qsort(bare_s, runs, sizeof(*bare_s), ascending);
	qsort(ratios, runs, sizeof(*ratios), ascending);
	printf("core plan, %u cells, medians of %u paired runs: bare %.2f s  enomem %.2f s  ratio %.3f\n", cells, runs,
	       bare_s[runs / 2], our_s[runs / 2], ratios[runs / 2]);
	return 0;
}
