/*
 * What is to be done to a program's syncs and writes, and what was done: the two files of disk-shim's folder.
 *
 * rules, a line for each, closed by a line "end" (without it the file counts as half written):
 *     ID CALL FILE FROM_US TO_US OUTCOME PER_MILLION SEED
 *     CALL: sync, write; FILE: wal, db; OUTCOME: sync, lie, an errno
 * counts:
 *     wal|db|other CALLS SYNCED          of syncs; SYNCED were passed on to the system
 *     rule ID CALLS APPLIED              CALLS matched; APPLIED were held for their whole time, failed or faked
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RULES_MAX = 16, ACCOUNTS_MAX = 1024, TEXT_MAX = 65536 };
enum call { SYNC, WRITE };
enum file { WAL, DB, OTHER, FILES };
static const char *const file_names[FILES] = {"wal", "db", "other"};

struct rule {
	unsigned id;
	enum call call;
	enum file file;
	uint64_t from_us, to_us, per_million, seed;
	int lie, error;
};

/* What is known of a rule, kept also after it was cleared: whoever cleared it may still ask. */
struct account {
	unsigned id;
	uint64_t calls, applied;
};

static struct rule rules[RULES_MAX];
static int rule_count;
static struct account accounts[ACCOUNTS_MAX];
static int account_count;
static struct { uint64_t calls, synced; } files[FILES];

/* The n-th number of a seed's sequence (splitmix64): what a call meets depends on its number alone. */
static uint64_t drawn(uint64_t seed, uint64_t n) {
	uint64_t z = seed + n * 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static char text[TEXT_MAX];

static int read_text(int folder, const char *name) {
	int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
	ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
	if (file >= 0) close(file);
	if (length < 0) return 0;
	text[length] = 0;
	return 1;
}

/* Takes over the rules; a file that is missing or half written leaves them as they are. */
static void read_rules(int folder) {
	if (!read_text(folder, "rules")) return;
	struct rule found[RULES_MAX];
	int count = 0;
	for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
		if (strcmp(line, "end") == 0) {
			memcpy(rules, found, sizeof rules);
			rule_count = count;
			return;
		}
		struct rule rule = {0};
		char call[8], file[8], outcome[16];
		if (count == RULES_MAX ||
		    sscanf(line, "%u %7s %7s %lu %lu %15s %lu %lu", &rule.id, call, file, &rule.from_us, &rule.to_us, outcome, &rule.per_million, &rule.seed) != 8) return;
		rule.call = strcmp(call, "write") == 0 ? WRITE : SYNC;
		rule.file = strcmp(file, "db") == 0 ? DB : WAL;
		rule.lie = strcmp(outcome, "lie") == 0;
		rule.error = atoi(outcome);
		found[count++] = rule;
	}
}

static struct account *account_of(unsigned id) {
	for (int i = 0; i < account_count; i++)
		if (accounts[i].id == id) return &accounts[i];
	if (account_count == ACCOUNTS_MAX) memmove(accounts, accounts + 1, --account_count * sizeof *accounts);
	accounts[account_count] = (struct account){.id = id};
	return &accounts[account_count++];
}

/* Goes on counting where the program's last life stopped. */
static void read_counts(int folder) {
	if (!read_text(folder, "counts")) return;
	for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
		struct account found;
		if (sscanf(line, "rule %u %lu %lu", &found.id, &found.calls, &found.applied) == 3) *account_of(found.id) = found;
		for (int file = 0; file < FILES; file++) {
			size_t length = strlen(file_names[file]);
			if (strncmp(line, file_names[file], length) == 0) sscanf(line + length, "%lu %lu", &files[file].calls, &files[file].synced);
		}
	}
}

static void write_counts(int folder) {
	int length = 0;
	for (int file = 0; file < FILES; file++) length += sprintf(text + length, "%s %lu %lu\n", file_names[file], files[file].calls, files[file].synced);
	for (int i = 0; i < account_count && length < TEXT_MAX - 128; i++) length += sprintf(text + length, "rule %u %lu %lu\n", accounts[i].id, accounts[i].calls, accounts[i].applied);
	int file = openat(folder, "counts", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (file < 0) return;
	/* Figures only grow, so there is never a rest of a longer text behind this one. */
	if (pwrite(file, text, length, 0) < 0) errno = 0;
	close(file);
}
