/* SPDX-License-Identifier: MIT
 * koppel: the command line, and how the program starts and ends; nothing else. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/json_pool.h"
#include "base/log.h"
#include "base/secret.h"
#include "commands/completion.h"
#include "commands/paper.h"
#include "commands/parse.h"
#include "commands/signals.h"
#include "commands/table.h"
#include "commands/usage.h"
#include "connection/call.h"
#include "http/http.h"

#ifndef KOPPEL_VERSION
#define KOPPEL_VERSION "0"
#endif

/* What is sealed on the disk would lie in a core dump in clear. */
static void write_no_core(void)
{
    const char *wanted = getenv("KOPPEL_CORE");
    struct rlimit limit;
    if ((wanted && *wanted) || getrlimit(RLIMIT_CORE, &limit) != 0)
        return;
    limit.rlim_cur = 0;
    (void)setrlimit(RLIMIT_CORE, &limit);
}

static int run(const struct command *command, const struct command_line *line)
{
    struct koppel_error err = {0};
    log_set_level(line->verbose ? LOG_DEBUG : LOG_INFO);
    log_set_form(line->log && strcmp(line->log, "json") == 0 ? LOG_JSON : LOG_LOGFMT);
    json_pool_start();
    json_object_seed(0);
    paper_start(line->no_color);
    if (secret_start(&err) != 0 || http_start(&err) != 0 || call_guard(_exit, &err) != 0)
        return command_failed(&err);
    if (!(command->options & COMMAND_STAYS))
        signals_let_hangup();
    int rc = command->run ? command->run(line) : completion_run(line);
    http_stop();
    if (rc != COMMAND_MISUSED)
        return command_end(rc);
    usage_command(stderr, command);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct command_line line = {.dir = getenv("KOPPEL_CONFIG"), .wait_s = -1};
    const struct command *command;
    write_no_core();
    signals_begin(_exit);
    int rc = parse_line(argc, argv, &line, &command);
    if (rc != EXIT_OK)
        return rc;
    if (!line.dir || !*line.dir)
        line.dir = KOPPEL_CONFDIR;
    if (line.version) {
        puts("koppel " KOPPEL_VERSION);
        return command_end(EXIT_OK);
    }
    if (!command) {
        usage_all(line.help ? stdout : stderr);
        return line.help ? command_end(EXIT_OK) : EXIT_USAGE;
    }
    if (line.help) {
        usage_command(stdout, command);
        return command_end(EXIT_OK);
    }
    return run(command, &line);
}
