/*
 * The code that takes the place of a process's clock_gettime, and the figures that it goes by.
 * All but the monotonic clock is as the system says.
 */
#include <stdint.h>

#if !defined(__x86_64__)
#error "its machine code is for x86_64"
#endif

/* From a time on the clock shows `shown_ns`, and goes on at `rate` / 2^32. */
struct piece {
	int64_t from_ns, shown_ns;
	uint64_t rate, unused;
};

/* Stand before the code. `newest` is where that piece is; it holds as soon as its time has come, and until then the other does. */
struct figures {
	uint64_t mark, newest, unused[2];
	struct piece pieces[2];
};

static const uint64_t MARK = 0x6b636f6c632d6363, TRUE_RATE = 1ull << 32;
static const int64_t SECOND_NS = 1000000000, MILLION = 1000000;

/* clock_gettime(edi: which clock, rsi: where to), which writes to no register that its caller counts on. */
extern const char clock_begin[], clock_code[], clock_end[];
__asm__(
	".pushsection .rodata\n"
	".balign 64\n"
	"clock_begin:\n"
	"	.zero 96\n"
	"clock_code:\n"
	"	mov $228, %eax\n" /* the system call clock_gettime */
	"	syscall\n"
	"	cmp $1, %edi\n" /* CLOCK_MONOTONIC */
	"	jne 2f\n"
	"	test %eax, %eax\n"
	"	jnz 2f\n"
	"	imul $1000000000, (%rsi), %rax\n" /* rax: the true time in nanoseconds */
	"	add 8(%rsi), %rax\n"
	"	lea clock_begin+32(%rip), %r8\n"
	"	mov -24(%r8), %rcx\n" /* r8 + rcx: the newest piece */
	"	cmp (%r8,%rcx), %rax\n"
	"	jge 1f\n"
	"	xor $32, %rcx\n"
	"1:	sub (%r8,%rcx), %rax\n"
	"	imulq 16(%r8,%rcx)\n"
	"	shrd $32, %rdx, %rax\n"
	"	add 8(%r8,%rcx), %rax\n" /* rax: the time to be shown */
	"	xor %edx, %edx\n"
	"	mov $1000000000, %ecx\n"
	"	div %rcx\n"
	"	mov %rax, (%rsi)\n"
	"	mov %rdx, 8(%rsi)\n"
	"	xor %eax, %eax\n"
	"2:	ret\n"
	"clock_end:\n"
	".popsection\n");

/* What the code does, for whoever is not in the process. */
static int64_t shown_by(const struct piece *piece, int64_t at_ns) {
	return piece->shown_ns + (int64_t)(((__int128)(at_ns - piece->from_ns) * (__int128)piece->rate) >> 32);
}
