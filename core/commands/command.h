/* SPDX-License-Identifier: MIT
 * The subcommands: one file each, named after it. main.c holds the table. */
#ifndef KOPPEL_COMMANDS_COMMANDS_H
#define KOPPEL_COMMANDS_COMMANDS_H

#include <stdbool.h>

#include "config/conf.h"
#include "engine/engine.h"

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

int command_init(const struct command_line *line);
int command_connect(const struct command_line *line);
int command_check(const struct command_line *line);
int command_choices(const struct command_line *line);
int command_sync(const struct command_line *line);
int command_serve(const struct command_line *line);
int command_preview(const struct command_line *line);
int command_status(const struct command_line *line);
int command_jobs(const struct command_line *line);
int command_retry(const struct command_line *line);
int command_activity(const struct command_line *line);
int command_pause(const struct command_line *line);
int command_resume(const struct command_line *line);
int command_plugins(const struct command_line *line);

/* command.c */

/* What most commands begin with. conf and plugins are freed by session_close. */
struct session {
    struct plugins *plugins;
    struct conf *conf;
    struct engine engine;
    bool open; /* the engine is */
};

/* Loads the configuration and prints every mistake; EXIT_OK or the code to end with. */
int session_load(struct session *s, const struct command_line *line);
/* Opens the engine of what was loaded (see engine_open); closes the session where that fails. */
int session_start(struct session *s, bool exclusive, bool forget);
/* Both. */
int session_open(struct session *s, const struct command_line *line, bool exclusive, bool forget);
void session_close(struct session *s);
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
