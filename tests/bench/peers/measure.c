/*
 * Runs a program and says what it cost.
 *
 *   measure FILE LIMIT_SECONDS PROGRAM ARGUMENT...
 *
 * Writes to FILE one line of JSON: wall, user and system time in milliseconds, peak resident memory in KiB, exit status
 * (128 + signal where it was killed, as after LIMIT_SECONDS).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;

static void stop(int signal)
{
	kill(child, signal == SIGALRM ? SIGKILL : signal);
}

static double millis(struct timeval t)
{
	return t.tv_sec * 1e3 + t.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
	if (argc < 4) return 1;
	struct timespec began, ended;
	clock_gettime(CLOCK_MONOTONIC, &began);
	child = fork();
	if (child < 0) return 1;
	if (child == 0) {
		execvp(argv[3], argv + 3);
		perror(argv[3]);
		_exit(127);
	}
	signal(SIGALRM, stop);
	signal(SIGTERM, stop);
	alarm(atoi(argv[2]));
	int status;
	struct rusage usage;
	while (wait4(child, &status, 0, &usage) < 0) continue;
	clock_gettime(CLOCK_MONOTONIC, &ended);
	FILE *file = fopen(argv[1], "w");
	if (!file) return 1;
	fprintf(file, "{\"wall\":%.3f,\"user\":%.3f,\"system\":%.3f,\"peak\":%ld,\"code\":%d}\n",
		(ended.tv_sec - began.tv_sec) * 1e3 + (ended.tv_nsec - began.tv_nsec) / 1e6, millis(usage.ru_utime),
		millis(usage.ru_stime), usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return fclose(file) != 0;
}
