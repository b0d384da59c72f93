/*
 * Starts a program whose fsync and fdatasync calls can be slowed, failed or faked while it runs:
 *
 *     disk-shim FOLDER PROGRAM ARGUMENTS...
 *     disk-shim --writes FOLDER PROGRAM ARGUMENTS...
 *
 * With --writes also the calls by which etcd writes its two files: it costs time on each of them.
 * The process forks a supervisor and becomes the program itself, so that its pid, its signals and
 * its exit status are the program's own. A seccomp filter hands each call to the supervisor, which
 * reads FOLDER/rules anew for it and keeps account in FOLDER/counts. Needs no privilege.
 *
 *     disk-shim --cut-power MOUNT
 *
 * ends the ext4 file system there as a loss of power does: nothing more reaches its disk. Needs root.
 */
#define _GNU_SOURCE
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "call-filter.h"
#include "disk-rules.h"

enum { HELD_MAX = 256, LOOK_EVERY_MS = 20 };

/* A call that waits for its answer. */
struct held {
	uint64_t id, until_us;
	enum call call;
	enum file file;
	int lie, error, rule_count;
	unsigned rule_ids[RULES_MAX];
};

static struct held held[HELD_MAX];
static int held_count;

static uint64_t now_us(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static enum file file_of(pid_t thread, int descriptor) {
	char link[64], path[4096];
	snprintf(link, sizeof link, "/proc/%d/fd/%d", thread, descriptor);
	ssize_t length = readlink(link, path, sizeof path - 1);
	if (length < 0) return OTHER;
	path[length] = 0;
	if (strstr(path, "/wal/")) return WAL;
	return length > 8 && strcmp(path + length - 8, "/snap/db") == 0 ? DB : OTHER;
}

static void send_answer(int listener, uint64_t id, int faked, int error) {
	struct seccomp_notif_resp response = {.id = id, .error = -error, .flags = faked ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE};
	/* A call that a signal interrupted or that died with its process wants no answer. */
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) < 0) errno = 0;
}

/* Counts first: whoever learns of the answer finds it in the account. */
static void answer(int listener, int folder, const struct held *held, int whole) {
	int faked = held->lie || held->error;
	for (int i = 0; whole && i < held->rule_count; i++) account_of(held->rule_ids[i])->applied++;
	if (held->call == SYNC) files[held->file].calls++;
	if (held->call == SYNC && !faked) files[held->file].synced++;
	if (held->call == SYNC || held->rule_count > 0) write_counts(folder);
	send_answer(listener, held->id, faked, held->error);
}

static int in_force(const struct held *held) {
	for (int i = 0; i < held->rule_count; i++) {
		int found = 0;
		for (int r = 0; r < rule_count; r++) found |= rules[r].id == held->rule_ids[i];
		if (!found) return 0;
	}
	return 1;
}

static void take(int listener, int folder, struct held taken) {
	uint64_t begun_us = taken.until_us;
	for (int r = 0; r < rule_count; r++) {
		if (rules[r].call != taken.call || rules[r].file != taken.file) continue;
		uint64_t n = 2 * account_of(rules[r].id)->calls++;
		if (drawn(rules[r].seed, n) % 1000000 >= rules[r].per_million) continue;
		taken.rule_ids[taken.rule_count++] = rules[r].id;
		taken.until_us += rules[r].from_us + drawn(rules[r].seed, n + 1) % (rules[r].to_us - rules[r].from_us + 1);
		if (rules[r].lie) taken.lie = 1;
		if (rules[r].error) taken.error = rules[r].error;
	}
	if (taken.until_us > begun_us && held_count < HELD_MAX) held[held_count++] = taken;
	else answer(listener, folder, &taken, taken.until_us == begun_us);
}

/* Answers those whose time is up, and lets those go on as if nothing were whose rule was cleared. */
static void release(int listener, int folder) {
	uint64_t now = now_us();
	for (int i = 0; i < held_count;) {
		int whole = in_force(&held[i]);
		if (whole && held[i].until_us > now) {
			i++;
			continue;
		}
		struct held done = held[i];
		if (!whole) done.lie = done.error = 0;
		held[i] = held[--held_count];
		answer(listener, folder, &done, whole);
	}
}

static int wait_ms(void) {
	if (held_count == 0) return -1;
	uint64_t now = now_us(), first = UINT64_MAX;
	for (int i = 0; i < held_count; i++)
		if (held[i].until_us < first) first = held[i].until_us;
	uint64_t left_ms = first > now ? (first - now + 999) / 1000 : 0;
	return left_ms < LOOK_EVERY_MS ? (int)left_ms : LOOK_EVERY_MS;
}

static struct held called(const struct seccomp_notif *notice) {
	int number = notice->data.nr;
	enum call call = number == SYS_fsync || number == SYS_fdatasync ? SYNC : WRITE;
	return (struct held){.id = notice->id, .until_us = now_us(), .call = call, .file = file_of(notice->pid, (int)notice->data.args[0])};
}

/* One thread for all calls: those that wait are in a list, and hold up no other. */
static void supervise(int listener, int folder) {
	struct seccomp_notif_sizes sizes;
	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) < 0) die("sizes of notifications");
	size_t size = sizes.seccomp_notif > sizeof(struct seccomp_notif) ? sizes.seccomp_notif : sizeof(struct seccomp_notif);
	struct seccomp_notif *notice = malloc(size);
	if (notice == NULL) die("memory");
	for (;;) {
		struct pollfd waiting = {.fd = listener, .events = POLLIN};
		if (poll(&waiting, 1, wait_ms()) < 0 && errno != EINTR) exit(0);
		/* Nobody is left who could call. */
		if (waiting.revents & (POLLHUP | POLLERR)) exit(0);
		memset(notice, 0, size);
		int received = (waiting.revents & POLLIN) && ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, notice) == 0;
		struct held call = {0};
		if (received) call = called(notice);
		if (received && call.call == WRITE && call.file == OTHER) {
			/* To a socket, mostly: it goes on without delay. */
			send_answer(listener, call.id, 0, 0);
			received = 0;
		}
		if (received || held_count > 0) read_rules(folder);
		if (received) take(listener, folder, call);
		release(listener, folder);
	}
}

union descriptor_room {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

static void send_descriptor(int channel, int descriptor) {
	union descriptor_room control = {0};
	char byte = 0;
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	*header = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof descriptor)};
	memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
	if (sendmsg(channel, &message, 0) < 0) die("handing over the listener");
}

static int receive_descriptor(int channel) {
	union descriptor_room control;
	char byte;
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	int descriptor;
	/* The parent has failed, and has said so. */
	if (recvmsg(channel, &message, MSG_CMSG_CLOEXEC) <= 0 || CMSG_FIRSTHDR(&message) == NULL) exit(125);
	memcpy(&descriptor, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof descriptor);
	return descriptor;
}

static void become_supervisor(int channel, int folder, pid_t parent) {
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) exit(0);
	prctl(PR_SET_NAME, "disk-shim");
	/* What ends the program in order is the program's business. */
	for (int i = 0; i < 4; i++) signal((int[]){SIGTERM, SIGINT, SIGHUP, SIGPIPE}[i], SIG_IGN);
	int listener = receive_descriptor(channel);
	read_counts(folder);
	write_counts(folder);
	if (write(channel, "", 1) != 1) exit(125);
	close(channel);
	/* Whoever reads the program's output must see its end. */
	int nowhere = open("/dev/null", O_RDWR);
	for (int i = 0; i < 3; i++) dup2(nowhere, i);
	if (nowhere > 2) close(nowhere);
	supervise(listener, folder);
}

/* The number is the same for all file systems that know it; f2fs.h alone has a name for it. */
#define SHUTDOWN _IOR('X', 125, uint32_t)
#define WITHOUT_FLUSHING_THE_JOURNAL 2

static int cut_power(const char *mount) {
	int folder = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint32_t how = WITHOUT_FLUSHING_THE_JOURNAL;
	if (folder < 0) die(mount);
	if (ioctl(folder, SHUTDOWN, &how) < 0) die("shutting down the file system");
	if (openat(folder, "after-the-end", O_WRONLY | O_CREAT, 0600) < 0 && errno == EIO) return 0;
	fprintf(stderr, "disk-shim: %s still takes files\n", mount);
	return 125;
}

int main(int count, char **arguments) {
	if (count == 3 && strcmp(arguments[1], "--cut-power") == 0) return cut_power(arguments[2]);
	int writes = count > 1 && strcmp(arguments[1], "--writes") == 0;
	count -= writes;
	arguments += writes;
	if (count < 3) {
		fprintf(stderr, "usage: disk-shim [--writes] FOLDER PROGRAM ARGUMENTS...\n");
		return 125;
	}
	int folder = open(arguments[1], O_PATH | O_DIRECTORY | O_CLOEXEC), channel[2];
	if (folder < 0) die(arguments[1]);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) < 0) die("socketpair");
	pid_t parent = getpid(), supervisor = fork();
	if (supervisor < 0) die("fork");
	if (supervisor == 0) {
		close(channel[0]);
		become_supervisor(channel[1], folder, parent);
	}
	close(channel[1]);
	int listener = install_filter(writes);
	send_descriptor(channel[0], listener);
	close(listener);
	char ready;
	if (read(channel[0], &ready, 1) != 1) die("the supervisor");
	close(channel[0]);
	execvp(arguments[2], arguments + 2);
	die(arguments[2]);
}
