/* SPDX-License-Identifier: MIT
 * koppel serve: runs every enabled flow at its interval until told to stop. */
#include "commands/command_serve.h"

#include "base/log.h"
#include "commands/session.h"
#include "engine/keeper.h"
#include "engine/schedule.h"
#include "engine/serving.h"
#include "service/service_engine.h"

int command_serve(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    int rc = session_load(&s, line);
    if (rc == EXIT_CONFIG)
        log_error(LOG_ABOUT(.event = "config"),
                  "the configuration in %s is rejected, its mistakes stand above", line->dir);
    if (rc == EXIT_OK)
        rc = session_start(&s, ENGINE_DELIVER);
    if (rc != EXIT_OK)
        return rc;
    struct service_engine answers = {&s.engine, s.plugins};
    struct service_source source = service_engine_source(&answers);
    struct keeper keeper = {0};
    struct service_socket *socket = service_socket_open(s.conf->store_path, &source, &err);
    if (socket && command_catch_signals(&s.engine, &err) == 0 &&
        keeper_start(&keeper, s.store, &s.conf->keep, &err) == 0) {
        serving_tell(&s.engine, KOPPEL_VERSION);
        (void)schedule_serve(&s.engine, &err);
    }
    if (err.kind) {
        log_error(LOG_ABOUT(.event = "stop", .reason = err.reason), "%s", err.text);
        rc = command_code(&err);
    } else {
        log_info(LOG_ABOUT(.event = "stop"), "stopped");
    }
    service_socket_close(socket);
    keeper_stop(&keeper);
    command_release_signals();
    session_close(&s);
    return rc;
}
