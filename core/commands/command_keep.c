/* SPDX-License-Identifier: MIT
 * koppel keep: what is older than its age, and erasing it. */
#include "commands/command_keep.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/visible.h"
#include "commands/command_ask.h"

static long long number(const json_t *group, const char *name)
{
    return json_integer_value(json_object_get(group, name));
}

static void print_ages(const json_t *ages)
{
    const char *name, *between = "";
    json_t *age;
    printf("kept: ");
    json_object_foreach((json_t *)ages, name, age) {
        char text[CLOCK_DURATION_BYTES] = "ever";
        if (json_is_integer(age))
            clock_format_duration(json_integer_value(age), text);
        visible_print(stdout, "%s%s %s", between, name, text);
        between = ", ";
    }
    puts("");
}

static void print_sums(const char *what, const json_t *sums)
{
    char bytes[COMMAND_SIZE_BYTES];
    visible_print(stdout, "%s: the contents of %lld jobs, %lld whole jobs, %lld documents, "
                          "%lld entries; %s\n", what, number(sums, "contents"),
                  number(sums, "rows"), number(sums, "documents"), number(sums, "entries"),
                  command_size(number(sums, "bytes"), bytes));
}

static void print_store(const json_t *store)
{
    char file[COMMAND_SIZE_BYTES], unused[COMMAND_SIZE_BYTES], log[COMMAND_SIZE_BYTES],
        disk[COMMAND_SIZE_BYTES];
    printf("store: %s, of which %s are unused; log %s", command_size(number(store, "file"), file),
           command_size(number(store, "free"), unused), command_size(number(store, "log"), log));
    if (number(store, "disk_free") >= 0)
        printf("; %s of its disk are free", command_size(number(store, "disk_free"), disk));
    puts("");
}

int command_keep(const struct command_line *line)
{
    json_t *out;
    if (line->plan && line->now)
        return COMMAND_MISUSED;
    int rc = command_ask(line, line->now ? "retention.erase" : "retention.plan", json_object(),
                         NULL, NULL, &out);
    if (rc != EXIT_OK)
        return rc;
    if (line->json) {
        command_print_json(out);
        return EXIT_OK;
    }
    print_ages(json_object_get(out, "ages"));
    print_sums(line->now ? "erased" : "older",
               json_object_get(out, line->now ? "erased" : "old"));
    print_store(json_object_get(out, "store"));
    if (!line->now)
        puts("koppel serve erases what is older by itself; koppel keep --now does it at once");
    json_decref(out);
    return EXIT_OK;
}
