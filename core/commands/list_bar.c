/* SPDX-License-Identifier: MIT
 * How far the reading of a list is. */
#include "commands/list_bar.h"

#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "base/visible.h"
#include "commands/paper.h"

void list_bar_begin(struct list_bar *b, const struct command_line *line)
{
    *b = (struct list_bar){.shown = !line->json && !line->csv && isatty(STDERR_FILENO) &&
                                    !paper_is_dumb()};
}

int list_bar_progress(void *arg, const json_t *progress)
{
    struct list_bar *b = arg;
    const json_t *total = json_object_get(progress, "total");
    char of[32] = "";
    if (!b->shown)
        return 0;
    if (json_is_integer(total))
        snprintf(of, sizeof of, " of %lld", (long long)json_integer_value(total));
    visible_print(stderr, "\r%s: %lld%s read",
                  json_string_value(json_object_get(progress, "side")),
                  (long long)json_integer_value(json_object_get(progress, "read")), of);
    fputs("\033[K", stderr);
    fflush(stderr);
    b->drawn = true;
    log_over_bar(true);
    return 0;
}

void list_bar_end(struct list_bar *b)
{
    if (b->drawn)
        fputs("\r\033[K", stderr);
    log_over_bar(false);
}
