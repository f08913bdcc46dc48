/* SPDX-License-Identifier: MIT
 * What most commands begin with: plugins, configuration, engine. */
#ifndef KOPPEL_COMMANDS_SESSION_H
#define KOPPEL_COMMANDS_SESSION_H

#include "commands/command.h"
#include "config/conf.h"
#include "config/conf_report.h"
#include "engine/engine.h"

/* All of it is freed by session_close. */
struct session {
    struct plugins *plugins;
    struct conf *conf;   /* the engine's, once that is open */
    struct engine engine;
    bool open;           /* the engine is */
};

/* Loads the configuration; what is wrong with it is in the report. EXIT_OK or the code to end
 * with. */
int session_try(struct session *s, const struct command_line *line, struct conf_report *report);
/* The same, and prints every mistake; EXIT_OK or the code to end with. */
int session_load(struct session *s, const struct command_line *line);
/* Opens the engine of what was loaded (see engine_open); closes the session where that fails. */
int session_start(struct session *s, enum engine_mode mode);
/* Both. */
int session_open(struct session *s, const struct command_line *line, enum engine_mode mode);
void session_close(struct session *s);

/* By name; NULL: there is none, which was told with the nearest name. */
const struct conf_flow *session_flow(const struct session *s, const char *name);
const struct conf_connection *session_connection(const struct session *s, const char *name);

#endif
