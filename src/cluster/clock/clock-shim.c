/*
 * Leads the monotonic clock of one running process astray, as that process alone reads it:
 *
 *     clock-shim PID jump NANOSECONDS     sets it ahead at once
 *     clock-shim PID rate PER_MILLION     lets it run so fast from now on; 1000000 is the true speed
 *     clock-shim PID read
 *     clock-shim --try                    tries it on a child: whether this machine lets us
 *
 * Each but the last prints what it reads in the process, and once more after a change: by how many
 * nanoseconds the clock is ahead, and how fast it runs. Needs to be the same user or root, and no help from the process.
 *
 * Programs ask the vDSO for the time, not the system. The head of its clock_gettime is made to
 * jump to code of ours, once in a process's life; later only figures change. The clock never
 * goes back, for no thread, and other processes and other clocks are not touched.
 */
#define _GNU_SOURCE
#include "clock-code.h"
#include "vdso.h"
#include "threads.h"
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>

enum { LIMIT_S = 10, INSTALL_TRIES = 1000 };
/* How long a thread may take over reading the clock once, and how long we may take over a change. */
static const int64_t READ_NS = 20000000, CHANGE_NS = 100000000;

static void give_up(int signal) {
	(void)signal;
	static const char text[] = "clock-shim: changing the clock takes too long\n";
	_exit(write(STDERR_FILENO, text, sizeof text - 1) < 0 ? 2 : 1);
}

static struct target process(pid_t pid) {
	return open_target(pid, (uint64_t)(clock_end - clock_begin));
}

/* A jump from the function's head to the code. */
static void jump_to_code(const struct target *it, unsigned char bytes[JUMP_BYTES]) {
	int32_t distance = (int32_t)(it->room + (uint64_t)(clock_code - clock_begin) - (it->function + JUMP_BYTES));
	bytes[0] = 0xe9;
	memcpy(bytes + 1, &distance, sizeof distance);
}

static int is_installed(const struct target *it) {
	unsigned char head[JUMP_BYTES], jump[JUMP_BYTES];
	uint64_t mark;
	jump_to_code(it, jump);
	peek(it, it->function, head, sizeof head);
	peek(it, it->room, &mark, sizeof mark);
	return mark == MARK && memcmp(head, jump, sizeof head) == 0;
}

/* Whether a thread that is stopped is in the middle of what is to be written over. */
static int is_someone_inside(const struct target *it, size_t size) {
	int in_function = it->room > it->function && it->room < it->function + it->function_size;
	return is_someone_within(it->function + 1, in_function ? it->room + size : it->function + JUMP_BYTES);
}

/* Shows the true time at first. Written while nobody runs. */
static void install(const struct target *it) {
	static char code[512];
	struct figures figures = {.mark = MARK, .pieces = {{.rate = TRUE_RATE}, {.rate = TRUE_RATE}}};
	unsigned char jump[JUMP_BYTES];
	size_t size = (size_t)(clock_end - clock_begin);
	memcpy(code, clock_begin, size);
	memcpy(code, &figures, sizeof figures);
	jump_to_code(it, jump);
	for (int tries = 0; tries < INSTALL_TRIES; tries++) {
		if (!stop_threads(it->pid)) refuse("the process does not stop to have its clock changed: it is frozen, or waits for a disk");
		int free = !is_someone_inside(it, size);
		if (free) {
			poke(it, it->room, code, size);
			poke(it, it->function, jump, sizeof jump);
		}
		let_threads_go();
		if (free) return;
		usleep(500);
	}
	refuse("the process is always reading its clock");
}

static struct figures figures_of(const struct target *it) {
	struct figures found = {.pieces = {{.rate = TRUE_RATE}}};
	if (is_installed(it)) peek(it, it->room, &found, sizeof found);
	return found;
}

static const struct piece *newest_of(const struct figures *figures) {
	return &figures->pieces[figures->newest == 0 ? 0 : 1];
}

/*
 * While nobody runs, so that nobody reads more from the piece before than the new one begins with.
 * Of one that is frozen no thread runs either; should it thaw now, the new piece is still to come.
 * @param per_million the rate from then on; less than 0 where it stays
 */
static void change(const struct target *it, int64_t jump_ns, int64_t per_million) {
	if (!is_installed(it)) install(it);
	struct figures now = figures_of(it);
	const struct piece *last = newest_of(&now);
	int64_t from_ns = stop_threads(it->pid) ? now_ns() : now_ns() + CHANGE_NS;
	struct piece next = {
		.from_ns = from_ns,
		.shown_ns = shown_by(last, from_ns) + jump_ns,
		.rate = per_million < 0 ? last->rate : (uint64_t)(((__int128)per_million << 32) / MILLION),
	};
	uint64_t newest = now.newest ^ sizeof next;
	poke(it, it->room + offsetof(struct figures, pieces) + newest, &next, sizeof next);
	poke(it, it->room + offsetof(struct figures, newest), &newest, sizeof newest);
	let_threads_go();
	/* Until then the piece before may be in use, and must not be written over. */
	while (now_ns() <= from_ns + READ_NS) usleep(1000);
}

static void print(const struct target *it) {
	struct figures now = figures_of(it);
	const struct piece *last = newest_of(&now);
	int64_t at_ns = now_ns();
	printf("%ld %ld\n", (long)(shown_by(last, at_ns) - at_ns), (long)(((__int128)last->rate * MILLION + TRUE_RATE / 2) >> 32));
}

static int64_t read_vdso(const struct target *self) {
	int (*gettime)(clockid_t, struct timespec *);
	struct timespec now = {0};
	memcpy(&gettime, &self->function, sizeof gettime);
	gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND_NS + now.tv_nsec;
}

/* A child that does nothing but read its clock must see it leap by an hour, and never go back. */
static int try_it(void) {
	const int64_t hour_ns = 3600 * SECOND_NS, begun_ns = now_ns();
	pid_t child = fork();
	if (child < 0) fail("fork");
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		struct target self = process(getpid());
		int64_t last_ns = begun_ns;
		while (last_ns < begun_ns + hour_ns) {
			int64_t read_ns = read_vdso(&self);
			if (read_ns < last_ns) _exit(1);
			last_ns = read_ns;
		}
		_exit(last_ns < begun_ns + 2 * hour_ns ? 0 : 1);
	}
	struct target it = process(child);
	change(&it, hour_ns, -1);
	int status;
	if (waitpid(child, &status, 0) != child || status != 0) refuse("a process whose clock was set ahead did not see it");
	return 0;
}

int main(int count, char **arguments) {
	signal(SIGALRM, give_up);
	alarm(LIMIT_S);
	if (count == 2 && strcmp(arguments[1], "--try") == 0) return try_it();
	const char *action = count > 2 ? arguments[2] : "";
	int reads = count == 3 && strcmp(action, "read") == 0, jumps = count == 4 && strcmp(action, "jump") == 0, paces = count == 4 && strcmp(action, "rate") == 0;
	if (!reads && !jumps && !paces) refuse("usage: clock-shim PID jump NANOSECONDS | PID rate PER_MILLION | PID read | --try");
	int64_t figure = reads ? 0 : atoll(arguments[3]);
	if (figure < 0) refuse("a monotonic clock does not go back");
	struct target it = process(atoi(arguments[1]));
	print(&it);
	if (reads) return 0;
	change(&it, jumps ? figure : 0, paces ? figure : -1);
	print(&it);
	return 0;
}
