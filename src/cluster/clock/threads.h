/* Stopping all threads of a process for a moment. Should this program end meanwhile, the kernel lets them go on. */
#include <dirent.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <time.h>

enum { THREADS_MAX = 4096, STOP_LIMIT_MS = 2000 };

static struct {
	pid_t id;
	int signal;
} threads[THREADS_MAX];
static int thread_count;

static int64_t now_ns(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND_NS + now.tv_nsec;
}

/* It goes on later with the signal that it was just being sent, if any. @returns 0 where it does not stop in time: it is frozen, or waits for a disk */
static int stop_thread(pid_t id, int64_t until_ns) {
	int status;
	pid_t found;
	if (thread_count == THREADS_MAX) refuse("the process has more threads than expected");
	if (ptrace(PTRACE_SEIZE, id, 0, 0) < 0) {
		if (errno == ESRCH) return 1;
		fail("stopping the process");
	}
	ptrace(PTRACE_INTERRUPT, id, 0, 0);
	while ((found = waitpid(id, &status, __WALL | WNOHANG)) == 0 && now_ns() < until_ns) usleep(200);
	if (found == 0) return 0;
	/* One that has ended meanwhile is no concern. */
	if (found < 0 || !WIFSTOPPED(status)) return 1;
	threads[thread_count].id = id;
	threads[thread_count++].signal = status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
	return 1;
}

static int is_stopped(pid_t id) {
	for (int i = 0; i < thread_count; i++)
		if (threads[i].id == id) return 1;
	return 0;
}

/* Until a look finds none but stopped ones: those that run may start others. @returns whether all have stopped */
static int stop_threads(pid_t pid) {
	int64_t until_ns = now_ns() + STOP_LIMIT_MS * (SECOND_NS / 1000);
	int all = 1;
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/task", pid);
	for (int before = -1; all && before < thread_count;) {
		before = thread_count;
		DIR *tasks = opendir(path);
		if (tasks == NULL) fail(path);
		for (struct dirent *entry; all && (entry = readdir(tasks)) != NULL;) {
			pid_t id = atoi(entry->d_name);
			if (id > 0 && !is_stopped(id)) all = stop_thread(id, until_ns);
		}
		closedir(tasks);
	}
	if (all && thread_count == 0) refuse("the process has ended");
	return all;
}

static void let_threads_go(void) {
	for (int i = 0; i < thread_count; i++) ptrace(PTRACE_DETACH, threads[i].id, 0, threads[i].signal);
	thread_count = 0;
}

/* Whether a thread that is stopped is about to go on between two addresses. */
static int is_someone_within(uint64_t begin, uint64_t end) {
	for (int i = 0; i < thread_count; i++) {
		struct user_regs_struct registers;
		if (ptrace(PTRACE_GETREGS, threads[i].id, 0, &registers) < 0) return 1;
		if (registers.rip >= begin && registers.rip < end) return 1;
	}
	return 0;
}
