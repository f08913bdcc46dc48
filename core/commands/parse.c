/* SPDX-License-Identifier: MIT
 * The words of a command line against the table, with the nearest right name for a wrong one. */
#include "commands/parse.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/visible.h"
#include "commands/table.h"
#include "commands/usage.h"

#define LONG_ONLY 256 /* added to the place of an option without a letter */
#define COMMANDS_MAX 64

/* Where the options that do not go with every command were given. */
struct parse {
    struct command_line *line;
    const struct command *command; /* NULL: none is named, or it is unknown */
    uint64_t given;                /* set of OPTION_BIT */
};

/* "try: koppel jobs --help" */
static int try_help(const struct parse *p)
{
    visible_print(stderr, "; try: koppel %s%s--help\n", p->command ? p->command->name : "",
                  p->command ? " " : "");
    return EXIT_USAGE;
}

static void perhaps(const char *name, const char *const *names, int count, const char *dashes)
{
    const char *nearest = nearest_name(name, names, count);
    if (nearest)
        visible_print(stderr, ", perhaps %s%s%s", *dashes ? dashes : "\"", nearest,
                      *dashes ? "" : "\"");
}

/* The command may stand behind the option that is wrong. */
static void find_command(struct parse *p, int argc, char **argv)
{
    for (int i = 1; i < argc && !p->command; i++)
        p->command = table_command(argv[i]);
}

static int unknown_option(const struct parse *p, const char *word)
{
    const char *names[OPTION_COUNT];
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    visible_print(stderr, "koppel: no option %s", name);
    for (int i = 0; i < OPTION_COUNT; i++)
        names[i] = !p->command || table_takes(p->command, i) ? table_options[i].name : NULL;
    if (strncmp(name, "--", 2) == 0)
        perhaps(name + 2, names, OPTION_COUNT, "--");
    return try_help(p);
}

static int option_of(int code)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (code == (table_options[i].letter ? table_options[i].letter : LONG_ONLY + i))
            return i;
    }
    return -1;
}

static int take_number(const struct command_option *o, const char *text, long least,
                       int *out)
{
    char *end;
    long n = strtol(text, &end, 10);
    if (!*text || *end || n < least || n > o->max) {
        visible_print(stderr, "koppel: --%s: \"%s\" is not a number from %ld to %d\n", o->name,
                      text, least, o->max);
        return EXIT_USAGE;
    }
    *out = (int)n;
    return EXIT_OK;
}

static int take_choice(const struct command_option *o, const char *text, const char **out)
{
    int count = 0;
    for (; o->choices[count]; count++) {
        if (strcmp(o->choices[count], text) == 0) {
            *out = o->choices[count];
            return EXIT_OK;
        }
    }
    visible_print(stderr, "koppel: no %s \"%s\"", o->name, text);
    perhaps(text, o->choices, count, "");
    for (int i = 0; i < count; i++)
        visible_print(stderr, "%s%s", i == 0 ? ": " : i == count - 1 ? " or " : ", ",
                      o->choices[i]);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

static int take_option(struct parse *p, int id, const char *value)
{
    const struct command_option *o = &table_options[id];
    void *at = (char *)p->line + o->at;
    p->given |= OPTION_BIT(id);
    switch (o->kind) {
    case VALUE_NONE:
        *(bool *)at = true;
        return EXIT_OK;
    case VALUE_NUMBER:
        return take_number(o, value, 0, at);
    case VALUE_COUNT:
        return take_number(o, value, 1, at);
    case VALUE_CHOICE:
        return take_choice(o, value, at);
    default:
        *(const char **)at = value;
        return EXIT_OK;
    }
}

static int read_options(struct parse *p, int argc, char **argv)
{
    struct option known[OPTION_COUNT + 1] = {0};
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct command_option *o = &table_options[i];
        known[i] = (struct option){o->name,
                                   o->kind == VALUE_NONE ? no_argument : required_argument, NULL,
                                   o->letter ? o->letter : LONG_ONLY + i};
    }
    opterr = 0;
    int rc = EXIT_OK;
    for (int code; rc == EXIT_OK;) {
        code = getopt_long(argc, argv, ":c:l:vhV", known, NULL);
        if (code == -1)
            break;
        int id = option_of(code == '?' || code == ':' ? optopt : code);
        if (code != '?' && code != ':') {
            rc = take_option(p, id, optarg);
            continue;
        }
        find_command(p, argc, argv);
        if (id < 0) {
            char letter[] = {'-', (char)optopt, '\0'};
            return unknown_option(p, optopt ? letter : argv[optind - 1]);
        }
        visible_print(stderr, "koppel: --%s takes %s", table_options[id].name,
                      code == ':' ? table_options[id].value : "no value");
        return try_help(p);
    }
    return rc;
}

static int unknown_command(const struct parse *p, const char *name)
{
    const char *names[COMMANDS_MAX];
    int count = 0;
    for (; table_commands[count].name && count < COMMANDS_MAX; count++)
        names[count] = table_commands[count].name;
    visible_print(stderr, "koppel: no command \"%s\"", name);
    perhaps(name, names, count, "");
    return try_help(p);
}

/* Two options of one name are told apart by which of them the command takes; both go to the same
 * member. */
static void settle_names(struct parse *p)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (!(p->given & OPTION_BIT(i)) || table_takes(p->command, i))
            continue;
        for (int k = 0; k < OPTION_COUNT; k++) {
            if (k == i || strcmp(table_options[i].name, table_options[k].name) != 0 ||
                table_options[i].at != table_options[k].at || !table_takes(p->command, k))
                continue;
            p->given &= ~OPTION_BIT(i);
            p->given |= OPTION_BIT(k);
            break;
        }
    }
}

/* An option that a command would ignore is a misunderstanding; better told than lost. */
static int check_options(const struct parse *p)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (p->given & OPTION_BIT(i) && !table_takes(p->command, i)) {
            visible_print(stderr, "koppel: %s takes no --%s", p->command->name,
                          table_options[i].name);
            return try_help(p);
        }
    }
    return EXIT_OK;
}

static int check_words(const struct parse *p)
{
    int least = 0, most = 0;
    const struct command_argument *a = p->command->arguments;
    for (; a->name; a++) {
        least += !a->optional;
        most += a->many ? p->line->count + 1 : 1;
    }
    if (p->line->count >= least && p->line->count <= most)
        return EXIT_OK;
    usage_command(stderr, p->command);
    return EXIT_USAGE;
}

int parse_line(int argc, char **argv, struct command_line *line, const struct command **command)
{
    struct parse p = {.line = line};
    *command = NULL;
    int rc = read_options(&p, argc, argv);
    if (rc != EXIT_OK || optind == argc)
        return rc;
    p.command = table_command(argv[optind]);
    if (!p.command)
        return unknown_command(&p, argv[optind]);
    *command = p.command;
    line->words = argv + optind + 1;
    line->count = argc - optind - 1;
    if (line->help || line->version)
        return EXIT_OK;
    settle_names(&p);
    rc = check_options(&p);
    return rc == EXIT_OK ? check_words(&p) : rc;
}
