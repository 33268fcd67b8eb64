#include "environment/isolation.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/file.h"
#include "support/wait.h"

/* "nobody" on every distribution: owns nothing. */
#define UNPRIVILEGED_ID 65534

/* Entering takes a millisecond. */
#define PROBE_MS 5000

#define NEW_PROC (CLONE_NEWPID | CLONE_NEWNS)

static const struct {
	uint64_t flag;
	const char *name; /* in results */
	const char *words;
} parts[] = {
	{CLONE_NEWUSER, "user", "user namespace"},  {NEW_PROC, "pid", "pid and mount namespace with its own /proc"},
	{CLONE_NEWIPC, "ipc", "ipc namespace"},     {CLONE_NEWUTS, "uts", "uts namespace"},
	{CLONE_NEWNET, "net", "network namespace"}, {CLONE_NEWCGROUP, "cgroup", "cgroup namespace"},
};

#define PART_COUNT (sizeof(parts) / sizeof(*parts))

int isolation_wish_from_word(const char *word, enum isolation_wish *ret)
{
	static const char *const words[] = {"auto", "namespaces", "none"};

	for (int i = 0; i < 3; i++) {
		if (strcmp(word, words[i]) == 0) {
			*ret = (enum isolation_wish)i;
			return 0;
		}
	}
	return -EINVAL;
}

/* Whether uid 0 here is uid 0 of the kernel: in a rootless container it is an ordinary user. */
static bool root_is_global(void)
{
	char map[256];
	char *rest;
	struct err ignored = {0};
	int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool global = true; /* when in doubt, drop */

	/* "inside outside count": the first line of an initial user namespace is "0 0 4294967295". */
	if (file_read_at(root_fd, "proc/self/uid_map", map, sizeof(map), NULL, &ignored) == 0)
		global = strtoul(map, &rest, 10) == 0 && strtoul(rest, NULL, 10) == 0;
	close(root_fd);
	return global;
}

static void set_ids(struct isolation *isolation)
{
	isolation->drops_uid = (geteuid() == 0 || getuid() == 0) && root_is_global();
	isolation->uid = isolation->drops_uid ? UNPRIVILEGED_ID : geteuid();
	isolation->gid = isolation->drops_uid ? UNPRIVILEGED_ID : getegid();
}

/* Whether a child can enter this. 0 or the negative errno of what was refused. */
static int try_entering(const struct isolation *isolation)
{
	struct err ignored = {0};
	const char *step;
	int gate, wait_status = 0;
	pid_t pid = isolation_clone(isolation, &gate, &ignored);

	if (pid < 0)
		return pid;
	if (pid == 0)
		_exit(-isolation_enter(isolation, gate, &step));
	isolation_release(gate);
	if (wait_child(pid, PROBE_MS, &wait_status) < 0) {
		kill(pid, SIGKILL);
		wait_child(pid, PROBE_MS, &wait_status);
		close(gate);
		return -ETIMEDOUT;
	}
	close(gate);
	return WIFEXITED(wait_status) ? -WEXITSTATUS(wait_status) : -EINTR;
}

static void note_missing(struct isolation *isolation, const char *words, int status)
{
	size_t used = strlen(isolation->missing);

	snprintf(isolation->missing + used, sizeof(isolation->missing) - used, "%s%s (%s)", used ? ", " : "", words,
		 err_name(-status));
}

/* Part by part, each kept when it works together with those before. */
static void probe_parts(struct isolation *isolation)
{
	for (size_t i = 0; i < PART_COUNT; i++) {
		struct isolation more = *isolation;
		int status;

		more.namespaces |= parts[i].flag;
		more.own_proc |= parts[i].flag == NEW_PROC;
		status = try_entering(&more);
		if (status == 0)
			*isolation = more;
		else
			note_missing(isolation, parts[i].words, status);
	}
}

/* Without any namespace: can root be dropped at all? In some containers CAP_SETUID is missing. */
static void probe_drop(struct isolation *isolation)
{
	int status = isolation->drops_uid ? try_entering(isolation) : 0;

	if (status == 0)
		return;
	isolation->drops_uid = false;
	isolation->uid = geteuid();
	isolation->gid = getegid();
	note_missing(isolation, "unprivileged uid", status);
}

int isolation_probe(enum isolation_wish wish, struct isolation *ret, struct err *err)
{
	struct isolation isolation = {0}, all;

	set_ids(&isolation);
	all = isolation;
	for (size_t i = 0; i < PART_COUNT; i++)
		all.namespaces |= parts[i].flag;
	all.own_proc = true;
	if (wish != ISOLATION_NONE && try_entering(&all) == 0) {
		*ret = all;
		return 0;
	}
	probe_drop(&isolation);
	if (wish != ISOLATION_NONE)
		probe_parts(&isolation);
	if (wish == ISOLATION_NAMESPACES && isolation.missing[0]) {
		err_set(err, EPERM, "cannot isolate: this system refuses: %s", isolation.missing);
		return err_advise(err, "--isolation=auto goes without; check user.max_user_namespaces and "
				       "kernel.apparmor_restrict_unprivileged_userns");
	}
	*ret = isolation;
	return 0;
}

json_t *isolation_to_json(const struct isolation *isolation)
{
	json_t *json = json_object();
	json_t *namespaces = json_array();

	for (size_t i = 0; i < PART_COUNT; i++) {
		if ((isolation->namespaces & parts[i].flag) != parts[i].flag)
			continue;
		json_array_append_new(namespaces, json_string(parts[i].name));
		if (parts[i].flag == NEW_PROC)
			json_array_append_new(namespaces, json_string("mnt"));
	}
	json_object_set_new(json, "namespaces", namespaces);
	json_object_set_new(json, "own_proc", json_boolean(isolation->own_proc));
	json_object_set_new(json, "uid", json_integer(isolation->uid));
	json_object_set_new(json, "uid_dropped", json_boolean(isolation->drops_uid));
	json_object_set_new(json, "missing", isolation->missing[0] ? json_string(isolation->missing) : json_null());
	return json;
}

static uint64_t flag_of(const char *name)
{
	for (size_t i = 0; name && i < PART_COUNT; i++) {
		if (strcmp(parts[i].name, name) == 0)
			return parts[i].flag;
	}
	return 0; /* "mnt" comes with "pid" */
}

int isolation_from_json(const json_t *json, struct isolation *ret, struct err *err)
{
	json_t *namespaces, *missing;
	json_int_t uid;
	int own_proc, uid_dropped;

	*ret = (struct isolation){0};
	if (json_unpack((json_t *)json, "{s:o, s:b, s:I, s:b, s:o}", "namespaces", &namespaces, "own_proc", &own_proc,
			"uid", &uid, "uid_dropped", &uid_dropped, "missing", &missing) < 0)
		return err_set(err, EINVAL, "cannot read \"isolation\": a member is missing or of the wrong kind");
	for (size_t i = 0; i < json_array_size(namespaces); i++)
		ret->namespaces |= flag_of(json_string_value(json_array_get(namespaces, i)));
	ret->own_proc = own_proc;
	ret->uid = ret->gid = (uid_t)uid;
	ret->drops_uid = uid_dropped;
	if (json_is_string(missing))
		snprintf(ret->missing, sizeof(ret->missing), "%s", json_string_value(missing));
	return 0;
}
