/*
 * What enomem costs beside bare loops that make the same calls: `cmake --build ... --target benchmark`.
 * Pairs both, run by run, and prints medians of ratios, since machines are noisy and drift.
 */
#include <errno.h>
#include <jansson.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MOST 101

static const char *const scenarios[] = {"many-mmaps", "mprotect-splits", "ulimit-v", "oversized-mmap", "big-fork"};

#define SCENARIO_COUNT (sizeof(scenarios) / sizeof(*scenarios))

struct measured {
	double loop_ns;      /* of the loop itself */
	double operation_ns; /* per accepted operation */
	double wall_ns;      /* of the whole process */
	double cell_ns;      /* of one cell, as its result says */
	long peak_kib;
};

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Where enomem runs its first cell, so that both sides have the same CPU. */
static void bind_to_last_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)sysconf(_SC_NPROCESSORS_ONLN) - 1, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Runs a program and gives what it printed; exits when it cannot. */
static void run(char *const arguments[], bool bound, char *text, size_t size, struct measured *ret)
{
	int output[2];
	size_t used = 0;
	ssize_t got;
	double started_ns = now_ns();
	struct rusage usage;
	pid_t pid;

	if (pipe(output) == -1 || (pid = fork()) == -1)
		exit(3);
	if (pid == 0) {
		if (bound)
			bind_to_last_cpu();
		dup2(output[1], STDOUT_FILENO);
		close(output[0]);
		execv(arguments[0], arguments);
		_exit(127);
	}
	close(output[1]);
	while (used < size - 1 && (got = read(output[0], text + used, size - 1 - used)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	close(output[0]);
	wait4(pid, NULL, 0, &usage);
	ret->wall_ns = now_ns() - started_ns;
	ret->peak_kib = usage.ru_maxrss;
}

static struct measured run_bare(const char *bare, const char *scenario)
{
	char text[128], *rest;
	char *arguments[] = {(char *)bare, (char *)scenario, NULL};
	struct measured measured = {0};
	double operations;

	run(arguments, true, text, sizeof(text), &measured);
	measured.loop_ns = strtod(text, &rest);
	operations = strtod(rest, NULL);
	if (measured.loop_ns <= 0 || operations <= 0) {
		fprintf(stderr, "bench: %s %s failed\n", bare, scenario);
		exit(3);
	}
	measured.operation_ns = measured.loop_ns / operations;
	return measured;
}

static struct measured run_enomem(const char *enomem, const char *scenario)
{
	static char text[1 << 20];
	char *arguments[] = {(char *)enomem, "run", (char *)scenario, "--format", "json", NULL};
	struct measured measured = {0};
	json_int_t accepted = 0, loop_ns = 0, cell_ns = 0;
	const char *verdict = "";
	json_t *json;

	run(arguments, false, text, sizeof(text), &measured);
	json = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);
	if (!json ||
	    json_unpack(json, "{s:{s:I}, s:{s:I, s:I}, s:s}", "refusal", "accepted", &accepted, "timings", "loop_ns",
			&loop_ns, "wall_ns", &cell_ns, "verdict", &verdict) < 0 ||
	    strcmp(verdict, "EXACT") != 0) {
		fprintf(stderr, "bench: enomem run %s is not EXACT: %.200s\n", scenario, text);
		exit(3);
	}
	measured.loop_ns = (double)loop_ns;
	measured.operation_ns = measured.loop_ns / (double)accepted;
	measured.cell_ns = (double)cell_ns;
	json_decref(json);
	return measured;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, unsigned count)
{
	qsort(values, count, sizeof(*values), ascending);
	return values[count / 2];
}

static void bench_loop(const char *enomem, const char *bare, const char *scenario, unsigned runs)
{
	double ratios[RUNS_MOST] = {0}, bare_ns[RUNS_MOST] = {0}, our_ns[RUNS_MOST] = {0};

	for (unsigned i = 0; i < runs; i++) {
		bare_ns[i] = run_bare(bare, scenario).operation_ns;
		our_ns[i] = run_enomem(enomem, scenario).operation_ns;
		ratios[i] = our_ns[i] / bare_ns[i];
	}
	printf("%-16s loop, ns per operation: bare %8.1f  enomem %8.1f  ratio %.3f\n", scenario, median(bare_ns, runs),
	       median(our_ns, runs), median(ratios, runs));
}

static void bench_all(const char *enomem, const char *bare, unsigned runs)
{
	static char text[1 << 20];
	char *arguments[] = {(char *)enomem, "run", NULL};
	double ratios[RUNS_MOST] = {0}, bare_ns[RUNS_MOST] = {0}, our_ns[RUNS_MOST] = {0};
	struct measured measured;
	long peak_kib = 0;

	for (unsigned i = 0; i < runs; i++) {
		bare_ns[i] = 0;
		for (size_t j = 0; j < SCENARIO_COUNT; j++)
			bare_ns[i] += run_bare(bare, scenarios[j]).wall_ns;
		run(arguments, false, text, sizeof(text), &measured);
		our_ns[i] = measured.wall_ns;
		ratios[i] = (our_ns[i] - 50e6) / bare_ns[i];
		peak_kib = measured.peak_kib > peak_kib ? measured.peak_kib : peak_kib;
	}
	printf("all five, with proofs: bare %.1f ms  enomem %.1f ms  (enomem - 50 ms) / bare %.3f\n",
	       median(bare_ns, runs) / 1e6, median(our_ns, runs) / 1e6, median(ratios, runs));
	printf("peak memory: %.1f MiB\n", (double)peak_kib / 1024);
}

/* The cheapest cell: its requests take a tenth of a millisecond. */
static void bench_cell(const char *enomem, unsigned runs)
{
	double cell_ns[RUNS_MOST] = {0};

	for (unsigned i = 0; i < runs; i++) {
		struct measured measured = run_enomem(enomem, "oversized-mmap");

		cell_ns[i] = measured.cell_ns - measured.loop_ns;
	}
	printf("a cell without its loop: %.2f ms\n", median(cell_ns, runs) / 1e6);
}

int main(int argc, char *argv[])
{
	unsigned runs = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 9;

	if (argc < 3 || runs < 1 || runs > RUNS_MOST) {
		fprintf(stderr, "usage: bench ENOMEM BARE [RUNS]\n");
		return 2;
	}
	printf("medians of %u paired runs\n", runs);
	for (size_t i = 0; i < SCENARIO_COUNT; i++)
		bench_loop(argv[1], argv[2], scenarios[i], runs);
	bench_all(argv[1], argv[2], runs);
	bench_cell(argv[1], runs);
	return 0;
}
