/* SPDX-License-Identifier: MIT
 * What --help prints, made of the table. */
#include "commands/usage.h"

#include <string.h>

#include "base/buf.h"
#include "commands/table.h"

#define ARGUMENTS_BYTES 256

/* " FLOW...", " CONNECTION [LIST]", " [show NAME]"; "" where there are none. */
static void arguments(const struct command *c, struct buf *out)
{
    for (const struct command_argument *a = c->arguments; a->name; a++) {
        buf_printf(out, " %s%s%s", a->optional && !a->goes_on ? "[" : "", a->name,
                   a->many ? "..." : "");
        if (a->optional && !a[1].goes_on)
            buf_add_char(out, ']');
    }
}

/* Those that go with every command, or those of one. */
static void options(FILE *to, const struct command *c)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct command_option *o = &table_options[i];
        char text[64];
        if (c ? table_always(i) || !table_takes(c, i) : !table_always(i))
            continue;
        snprintf(text, sizeof text, "--%s%s%s", o->name, o->value ? " " : "",
                 o->value ? o->value : "");
        if (o->letter)
            fprintf(to, "  -%c, %-15s %s\n", o->letter, text, o->help);
        else
            fprintf(to, "      %-15s %s\n", text, o->help);
    }
}

void usage_all(FILE *to)
{
    fprintf(to, "usage: koppel [-c DIR] [-l FORM] [-v] COMMAND [OPTION...] [ARGUMENT...]\n\n");
    for (const struct command *c = table_commands; c->name; c++) {
        struct buf words;
        buf_init(&words, ARGUMENTS_BYTES);
        arguments(c, &words);
        const char *text = buf_text(&words);
        fprintf(to, "  %-8s %-18s %s\n", c->name, *text ? text + 1 : text, c->summary);
        buf_done(&words);
    }
    fprintf(to, "\n");
    options(to, NULL);
    fprintf(to, "\nkoppel COMMAND --help tells the options of a command.\n"
                "exit codes: 0 ok, 1 some records parked or waiting, 2 failed, 64 usage, 78 "
                "configuration\n");
}

void usage_command(FILE *to, const struct command *c)
{
    struct buf words;
    buf_init(&words, ARGUMENTS_BYTES);
    arguments(c, &words);
    fprintf(to, "usage: koppel [-c DIR] [-l FORM] [-v] %s%s%s\n%s\n", c->name,
            (c->options & ~COMMAND_STAYS) ? " [OPTION...]" : "", buf_text(&words), c->summary);
    buf_done(&words);
    if (c->options & ~COMMAND_STAYS)
        fprintf(to, "\n");
    options(to, c);
}
