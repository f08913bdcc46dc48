/* SPDX-License-Identifier: MIT
 * What the subcommands are and share: one file each, named after it. main.c holds the table. */
#ifndef KOPPEL_COMMANDS_COMMAND_H
#define KOPPEL_COMMANDS_COMMAND_H

#include <jansson.h>
#include <stdbool.h>

#include "engine/engine.h"
#include "plugin/loader.h"

/* Exit codes, as koppel(1) promises them. */
enum { EXIT_OK = 0, EXIT_PARKED = 1, EXIT_FAILED = 2, EXIT_USAGE = 64, EXIT_CONFIG = 78 };

struct command_line {
    const char *dir;  /* the configuration directory */
    bool json;        /* --json */
    bool verbose;     /* -v */
    bool once;        /* --once */
    bool all;         /* --all */
    bool online;      /* --online */
    const char *state, *flow; /* --state, --flow */
    int limit;        /* --limit, 0: the command's own */
    int port;         /* --port */
    int wait_s;       /* --wait, -1: the command's own */
    char **words;     /* what is not an option, after the command's name */
    int count;
};

struct command {
    const char *name, *arguments, *summary;
    const char *options;      /* letters of the options it takes, beside the general ones */
    int min_words, max_words; /* max_words -1: any number */
    int (*run)(const struct command_line *line);
};

/* Prints err on standard error; the exit code that fits its kind. */
int command_failed(const struct koppel_error *err);
/* The directories where plugins are looked for. NULL: no memory. */
struct plugins *command_plugins_new(struct koppel_error *err);
/* SIGINT and SIGTERM stop the engine in order; call before threads start. */
int command_catch_signals(struct engine *e, struct koppel_error *err);
void command_release_signals(void);
/* Prints a JSON value and a newline on standard output; frees it. */
void command_print_json(json_t *value_take);

#endif
