/* SPDX-License-Identifier: MIT
 * What most commands begin with: plugins, configuration and engine. */
#ifndef KOPPEL_COMMANDS_SESSION_H
#define KOPPEL_COMMANDS_SESSION_H

#include "commands/command.h"
#include "config/conf.h"
#include "engine/engine.h"

/* conf and plugins are freed by session_close. */
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

#endif
