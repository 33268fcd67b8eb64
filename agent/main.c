/*
 * The agent: the first process of a cell. It reads one cell specification from stdin, runs the
 * scenario, and writes one observation to stdout, both one JSON object. It decides nothing.
 *
 * As /init of a guest it runs that guest's cells: see agent/guest/guest.h.
 *
 * It is pid 1 where the environment has a pid namespace, so its death ends the cell.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/guest/guest.h"
#include "agent/measure.h"

static int read_specification(struct specification *ret, struct err *err)
{
	json_error_t where;
	json_t *json = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, &where);
	int status;

	if (!json)
		return err_set(err, EINVAL, "cannot read cell specification: line %d: %s", where.line, where.text);
	status = specification_from_json(json, ret, err);
	json_decref(json);
	return status;
}

static int write_observation(const struct observation *observation)
{
	json_t *json = observation_to_json(observation);
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	int status = text && puts(text) >= 0 && fflush(stdout) == 0 ? 0 : -EIO;

	free(text);
	json_decref(json);
	return status;
}

int main(int argc, char *argv[])
{
	struct specification specification;
	static struct observation observation;
	struct err err = {0};
	int root_fd;

	if (argc && getpid() == 1 && strcmp(argv[0], "/init") == 0)
		guest_main();
	root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* A file size limit is then an errno here and in the scenario, which keeps what is ignored. */
	signal(SIGXFSZ, SIG_IGN);
	if (read_specification(&specification, &err) < 0) {
		fprintf(stderr, "enomem-agent: %s\n", err.text);
		return 2;
	}
	measure(&specification, root_fd, &observation);
	return write_observation(&observation) == 0 ? 0 : 3;
}
