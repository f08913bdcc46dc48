/* SPDX-License-Identifier: MIT
 * The program itself, as /proc tells it. */
#include "base/process.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

/* Threads, and when it started in ticks after the machine did. */
static void read_stat(struct process *p)
{
    char text[1024];
    long long threads, start;
    FILE *in = fopen("/proc/self/stat", "re");
    size_t n = in ? fread(text, 1, sizeof text - 1, in) : 0;
    if (in)
        fclose(in);
    text[n] = '\0';
    const char *name_end = strrchr(text, ')'); /* the name may hold anything */
    if (!name_end || sscanf(name_end + 1,
                            " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d"
                            " %*d %lld %*d %lld", &threads, &start) != 2)
        return;
    p->threads = threads;
    p->up_ms = clock_monotonic_ms() - start * 1000 / sysconf(_SC_CLK_TCK);
}

static void read_memory(struct process *p)
{
    long long pages;
    FILE *in = fopen("/proc/self/statm", "re");
    if (in && fscanf(in, "%*d %lld", &pages) == 1)
        p->memory = pages * sysconf(_SC_PAGESIZE);
    if (in)
        fclose(in);
}

struct process process_read(void)
{
    struct process p = {-1, -1, -1};
    read_stat(&p);
    read_memory(&p);
    return p;
}
