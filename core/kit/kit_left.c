/* SPDX-License-Identifier: MIT
 * What is left behind. */
#include "kit/kit_left.h"

#include <dirent.h>
#include <limits.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* The lists that glibc keeps for each thread. */
#define SIZES 64
#define PER_SIZE 7
#define LEAST 24
#define STEP 16

extern char **environ;

static int entries(const char *folder)
{
    int n = 0;
    DIR *d = opendir(folder);
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

/* What a thread freed last lies in a list per size and counts as in use; how many there are says
 * nothing. So all of them are taken out first, which leaves the same number each time. */
static size_t bytes_in_use(void)
{
    static void *taken[SIZES][PER_SIZE];
    for (size_t s = 0; s < SIZES; s++) {
        for (size_t i = 0; i < PER_SIZE; i++)
            taken[s][i] = malloc(LEAST + s * STEP);
    }
    struct mallinfo2 info = mallinfo2();
    for (size_t s = 0; s < SIZES; s++) {
        for (size_t i = 0; i < PER_SIZE; i++)
            free(taken[s][i]);
    }
    return info.uordblks + info.hblkhd;
}

void kit_left_take(struct kit_left *out)
{
    out->bytes = bytes_in_use();
    out->files = entries("/proc/self/fd");
    out->threads = entries("/proc/self/task");
}

size_t kit_left_growth(const struct kit_left *all, int count)
{
    size_t least = SIZE_MAX;
    for (int i = 1; i < count; i++) {
        size_t more = all[i].bytes > all[i - 1].bytes ? all[i].bytes - all[i - 1].bytes : 0;
        least = more < least ? more : least;
    }
    return least;
}

char *kit_left_process(void)
{
    char *text = NULL, here[PATH_MAX];
    size_t bytes = 0;
    FILE *f = open_memstream(&text, &bytes);
    if (!f)
        return NULL;
    mode_t mask = umask(0);
    (void)umask(mask);
    fprintf(f, "working directory %s\numask %o\n", getcwd(here, sizeof here) ? here : "?",
            (unsigned)mask);
    struct lconv *l = localeconv();
    fprintf(f, "locale decimal point %s\n", l ? l->decimal_point : "?");
    for (int i = 1; i < 32; i++) {
        struct sigaction a;
        if (sigaction(i, NULL, &a) == 0)
            fprintf(f, "signal %d %p\n", i, (void *)(a.sa_flags & SA_SIGINFO
                                                          ? (void *)a.sa_sigaction
                                                          : (void *)a.sa_handler));
    }
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    for (int i = 1; i < 32; i++)
        fputc(sigismember(&blocked, i) ? '1' : '0', f);
    fputs(" signal mask\n", f);
    for (int i = 0; i < (int)RLIM_NLIMITS; i++) {
        struct rlimit limit;
        if (getrlimit((__rlimit_resource_t)i, &limit) == 0)
            fprintf(f, "limit %d %llu\n", i, (unsigned long long)limit.rlim_cur);
    }
    for (char **e = environ; e && *e; e++)
        fprintf(f, "environment %s\n", *e);
    if (fclose(f) == 0)
        return text;
    free(text);
    return NULL;
}
