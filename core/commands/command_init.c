/* SPDX-License-Identifier: MIT
 * koppel init: a configuration directory with its sealing key. Never overwrites anything. */
#include "commands/command_init.h"

#include <stdio.h>

#include "base/visible.h"
#include "commands/init_example.h"
#include "commands/init_files.h"

int command_init(const struct command_line *line)
{
    const char *dir = line->count > 0 ? line->words[0] : line->dir;
    struct koppel_error err = {0};
    int copied = 0;
    if (init_files(dir, &err) != 0 || (line->example && init_example(dir, &copied, &err) != 0))
        return command_failed(&err);
    visible_print(stdout,
                  "%s is ready. Keep %s/secret.key safe: without it the store cannot be read.\n",
                  dir, dir);
    if (line->example)
        visible_print(stdout, "%d files of the example were copied\n", copied);
    visible_print(stdout,
                  "next: run koppel setup; or describe the systems in %s/connections.d and the "
                  "flows in %s/flows.d, then: koppel check\n",
                  dir, dir);
    return EXIT_OK;
}
