/*
 * Runs a program for which the kernel refuses one socket option, as some kernels and sandboxes do.
 *
 *   refuse_option LEVEL OPTION ERRNO PROGRAM [ARGUMENT...]
 *
 * seccomp(2); the arguments of a call lie in struct seccomp_data as 64-bit words.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WORD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)

int main(int argc, char **argv)
{
	if (argc < 5) return 64;
	struct sock_filter rows[] = {
		WORD(nr),
		UNLESS(SYS_setsockopt, 5),
		WORD(args[1]),
		UNLESS(atoi(argv[1]), 3),
		WORD(args[2]),
		UNLESS(atoi(argv[2]), 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | atoi(argv[3])),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof rows / sizeof *rows, .filter = rows };
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0) {
		fprintf(stderr, "seccomp: %s\n", strerror(errno));
		return 1;
	}
	execvp(argv[4], argv + 4);
	fprintf(stderr, "%s: %s\n", argv[4], strerror(errno));
	return 1;
}
