/*
 * What LTP's max_map_count test does, without LTP: seven limits from 1024 to 65536, at each a child that
 * maps shared anonymous pages until refused and stops, and a parent that counts the lines of its
 * /proc/PID/maps. Sets vm.max_map_count of this machine and puts it back. As root.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_FILE "/proc/sys/vm/max_map_count"

static long read_limit(void)
{
	FILE *file = fopen(LIMIT_FILE, "re");
	char text[32] = "";

	if (!file || !fgets(text, sizeof(text), file))
		exit(3);
	fclose(file);
	return strtol(text, NULL, 10);
}

static void write_limit(long limit)
{
	FILE *file = fopen(LIMIT_FILE, "we");

	if (!file || fprintf(file, "%ld", limit) < 0 || fclose(file) != 0)
		exit(3);
}

static void map_until_refused(void)
{
	while (mmap(NULL, 1, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		;
	raise(SIGSTOP);
	_exit(0);
}

/* Line by line as text, since that is what is compared with. */
static long count_maps(pid_t pid)
{
	char path[64], line[1024];
	long count = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	while (maps && fgets(line, sizeof(line), maps))
		count += !strstr(line, "[vsyscall]");
	if (maps)
		fclose(maps);
	return count;
}

int main(void)
{
	long before = read_limit();
	int status, wrong = 0;

	for (long limit = 1024; limit <= 65536; limit *= 2) {
		pid_t pid;

		write_limit(limit);
		pid = fork();
		if (pid == 0)
			map_until_refused();
		waitpid(pid, &status, WUNTRACED);
		wrong += count_maps(pid) != limit + 1;
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	write_limit(before);
	return wrong != 0;
}
