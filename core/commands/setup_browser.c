/* SPDX-License-Identifier: MIT
 * The log-in of a set-up. */
#include "commands/setup_browser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/pasted.h"
#include "oauth/oauth2_redirect.h"
#include "service/setup_text.h"

#define WAIT_MS (600 * INT64_C(1000))

static int answer(const struct command_line *line, const char *language, json_t **step,
                  json_t *answers_take)
{
    json_t *next = NULL;
    int rc = command_ask(line, "setup.answer",
                         json_pack("{s:O,s:O,s:s,s:o}", "setup", json_object_get(*step, "setup"),
                                   "step", json_object_get(*step, "step"), "lang", language,
                                   "answers", answers_take),
                         NULL, NULL, &next);
    if (rc != EXIT_OK)
        return rc;
    json_decref(*step);
    *step = next;
    return EXIT_OK;
}

static const char *login_member(const json_t *step, const char *name)
{
    return json_string_value(json_object_get(json_object_get(step, "login"), name));
}

static void show_url(const json_t *step, const char *language)
{
    json_t *text = setup_text("ui.open", language, NULL);
    visible_print(stdout, "%s\n%s\n", json_string_value(text), login_member(step, "url"));
    json_decref(text);
    fflush(stdout);
}

static int by_listening(const struct command_line *line, const char *language, json_t **step)
{
    struct koppel_error err = {0};
    char uri[64], *query = NULL;
    struct oauth2_redirect *redirect = oauth2_redirect_new(line->port, &err);
    if (!redirect)
        return command_failed(&err);
    snprintf(uri, sizeof uri, "http://127.0.0.1:%d" OAUTH2_REDIRECT_PATH,
             oauth2_redirect_port(redirect));
    int rc = answer(line, language, step, json_pack("{s:s}", "redirect", uri));
    if (rc == EXIT_OK && login_member(*step, "url")) {
        show_url(*step, language);
        if (oauth2_redirect_wait(redirect, login_member(*step, "state"), WAIT_MS, &query, &err) !=
            0)
            rc = command_failed(&err);
        else
            rc = answer(line, language, step, json_pack("{s:s}", "answer", query));
    }
    free(query);
    oauth2_redirect_free(redirect);
    return rc;
}

static int by_pasting(const struct command_line *line, const char *language, json_t **step)
{
    struct koppel_error err = {0};
    char text[PASTED_MAX_BYTES] = "";
    int rc = answer(line, language, step, json_pack("{s:b}", "paste", 1));
    if (rc != EXIT_OK || !login_member(*step, "url"))
        return rc;
    show_url(*step, language);
    printf("> ");
    fflush(stdout);
    if (pasted_line(clock_monotonic_ms() + WAIT_MS, text, &err) != 0)
        return command_failed(&err);
    rc = answer(line, language, step, json_pack("{s:o}", "answer", command_json_text(text)));
    explicit_bzero(text, sizeof text);
    return rc;
}

int setup_browser_log_in(const struct command_line *line, const char *language, bool here,
                         json_t **step)
{
    return here ? by_listening(line, language, step) : by_pasting(line, language, step);
}
