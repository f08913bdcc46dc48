/* SPDX-License-Identifier: MIT
 * What a command looks at the disk with, whatever an engine has: plugins, configuration,
 * connections. */
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
/* Opens the engine of what was loaded (see engine_open); closes the session where that fails. */
int session_start(struct session *s, enum engine_mode mode);
void session_close(struct session *s);

#endif
