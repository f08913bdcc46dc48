/* SPDX-License-Identifier: MIT
 * koppel setup: the set-up at a terminal, from a file of answers, or for another program that
 * renders its steps. */
#include "commands/command_setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "commands/init_files.h"
#include "commands/line_edit.h"
#include "commands/setup_terminal.h"
#include "commands/setup_unattended.h"
#include "service/setup_text.h"

/* Of the option, else of the locale. */
static const char *language_of(const struct command_line *line)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *found = line->lang;
    for (size_t i = 0; !found && i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        found = value && *value ? value : NULL;
    }
    return setup_text_language(found);
}

int command_setup(const struct command_line *line)
{
    struct koppel_error err = {0};
    const char *language = language_of(line);
    bool made;
    if (!line->answers && !line->json && !line_edit_is_terminal()) {
        visible_print(stderr, "koppel: the set-up asks at a terminal; without one give --answers "
                      "FILE, or --json to render its steps\n");
        return EXIT_USAGE;
    }
    if (init_files_first(line->dir, &made, &err) != 0)
        return command_failed(&err);
    if (line->answers)
        return setup_unattended_file(line, language);
    if (line->json)
        return setup_unattended_json(line, language);
    return setup_terminal_run(line, language);
}
