/* The vDSO of a process: kernel code for reading clocks that is mapped into every process. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VDSO_MAX = 1 << 16, JUMP_BYTES = 5 };

/* A process with its memory: where its clock_gettime is, and where there is room for code. */
struct target {
	pid_t pid;
	int memory;
	uint64_t function, function_size, room;
};

/* Ends the program, and says why where there is an errno. */
static void fail(const char *what) {
	fprintf(stderr, "clock-shim: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
	exit(1);
}

static void refuse(const char *what) {
	errno = 0;
	fail(what);
}

static void peek(const struct target *it, uint64_t at, void *into, size_t size) {
	if (pread(it->memory, into, size, (off_t)at) != (ssize_t)size) fail("reading the process's memory");
}

/* Also where the process itself may only read: the page becomes its own copy then. */
static void poke(const struct target *it, uint64_t at, const void *from, size_t size) {
	if (pwrite(it->memory, from, size, (off_t)at) != (ssize_t)size) fail("writing to the process's memory");
}

static void find_vdso(pid_t pid, uint64_t *begin, uint64_t *end) {
	char path[64], line[512];
	int found = 0;
	snprintf(path, sizeof path, "/proc/%d/maps", pid);
	FILE *maps = fopen(path, "re");
	if (maps == NULL) fail(path);
	while (!found && fgets(line, sizeof line, maps) != NULL) found = strstr(line, "[vdso]") != NULL && sscanf(line, "%lx-%lx", begin, end) == 2;
	fclose(maps);
	if (!found) refuse("the process has no vDSO");
	if (*end - *begin > VDSO_MAX) refuse("the vDSO is larger than expected");
}

/* @returns how much of the image its parts use, after a look for the function among its symbols */
static uint64_t read_image(struct target *it, uint64_t begin, const char *image) {
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
	const Elf64_Phdr *parts = (const Elf64_Phdr *)(image + header->e_phoff);
	const Elf64_Sym *symbols = NULL;
	const char *names = NULL;
	uint64_t used = 0;
	for (int i = 0; i < header->e_phnum; i++) {
		if (parts[i].p_type == PT_LOAD) used = parts[i].p_offset + parts[i].p_memsz;
		if (parts[i].p_type != PT_DYNAMIC) continue;
		for (const Elf64_Dyn *entry = (const Elf64_Dyn *)(image + parts[i].p_offset); entry->d_tag != DT_NULL; entry++) {
			if (entry->d_tag == DT_SYMTAB) symbols = (const Elf64_Sym *)(image + entry->d_un.d_ptr);
			if (entry->d_tag == DT_STRTAB) names = image + entry->d_un.d_ptr;
		}
	}
	/* Nothing says how many symbols there are, but their names come right behind them. */
	for (const Elf64_Sym *symbol = symbols; symbol != NULL && (const char *)(symbol + 1) <= names; symbol++) {
		if (strcmp(names + symbol->st_name, "__vdso_clock_gettime") != 0) continue;
		it->function = begin + symbol->st_value;
		it->function_size = symbol->st_size;
	}
	if (it->function == 0) refuse("the vDSO has no clock_gettime");
	return used;
}

/* Finds the function, and room for so many bytes: behind all that is used, or else in what a jump leaves idle of the function. */
static struct target open_target(pid_t pid, uint64_t needed) {
	static _Alignas(8) char image[VDSO_MAX];
	struct target it = {.pid = pid};
	uint64_t begin, end;
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/mem", pid);
	it.memory = open(path, O_RDWR | O_CLOEXEC);
	if (it.memory < 0) fail(path);
	find_vdso(pid, &begin, &end);
	peek(&it, begin, image, end - begin);
	uint64_t used = read_image(&it, begin, image);
	it.room = (end - needed) & ~63ull;
	if (it.room >= begin + used) return it;
	it.room = (it.function + JUMP_BYTES + 63) & ~63ull;
	if (it.room + needed > it.function + it.function_size) refuse("the vDSO has no room for a few instructions");
	return it;
}
