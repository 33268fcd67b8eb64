/*
 * capture-cell SCENARIO [NAME=VALUE...]: runs one cell here, isolated as `enomem run` does, and
 * prints what test_verdict*.c need of it: host, specification and the agent's own observation.
 * ENOMEM_LIBEXEC must name a build tree. Run by hand; what it prints is kept in cells/.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "run/session.h"

#define OBSERVATION_BYTES (1 << 20)

static json_t *read_observation(int fd)
{
	char *text = calloc(1, OBSERVATION_BYTES);
	size_t length = 0;
	ssize_t got;
	json_t *json;

	while (text && (got = read(fd, text + length, OBSERVATION_BYTES - 1 - length)) > 0)
		length += (size_t)got;
	json = text ? json_loads(text, 0, NULL) : NULL;
	free(text);
	return json;
}

static json_t *run(struct session *session, struct err *err)
{
	const struct cell *cell = &session->plan.cells[0];
	const struct host_facts *facts = &session->facts.host.facts;
	struct run_settings settings = {.timeout_ms = 60000};
	struct specification specification;
	struct running running;
	json_t *host;

	if (session_prepare(session, ISOLATION_AUTO, err) < 0 ||
	    specify(cell, &session->facts.host, &settings, &specification, err) < 0 ||
	    environment_ns.start(&session->context, cell->configuration, &session->context.isolation, &specification, 0,
				 &running, err) < 0)
		return NULL;
	host = json_pack("{s:s, s:I, s:I}", "kernel", facts->kernel, "page_bytes", (json_int_t)facts->page_bytes,
			 "cpus_present", (json_int_t)facts->cpus_present);
	return json_pack("{s:s, s:o, s:o, s:o}", "scenario", cell->scenario->name, "host", host, "specification",
			 specification_to_json(&specification), "observation", read_observation(running.output_fd));
}

int main(int argc, char *argv[])
{
	const char *const *words = (const char *const *)argv;
	struct choice choice = {.pattern = argv[1]};
	struct selection selection = {.choices = &choice,
				      .choice_count = 1,
				      .parameters = words + 2,
				      .parameter_count = (unsigned)(argc > 2 ? argc - 2 : 0),
				      .repeats = 1};
	struct session session;
	struct err err = {0};
	json_t *cell = NULL;

	if (argc < 2)
		return 2;
	if (session_begin(&selection, &session, &err) == 0)
		cell = run(&session, &err);
	if (cell)
		json_dumpf(cell, stdout, JSON_INDENT(1));
	else
		fprintf(stderr, "capture-cell: %s\n", err.text);
	session_end(&session);
	json_decref(cell);
	return cell ? 0 : 1;
}
