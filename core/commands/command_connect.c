/* SPDX-License-Identifier: MIT
 * koppel connect: logs a connection in by OAuth 2.0, with a browser that may be elsewhere. */
#include "commands/command_connect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/pasted.h"
#include "oauth/oauth2_answer.h"
#include "oauth/oauth2_redirect.h"

#define WAIT_DEFAULT_S 600
/* Where --paste sends a browser to when no port is given: one that programs seldom listen on, so
 * that the page fails to load and leaves its address. */
#define PASTE_PORT_FIRST 49152
#define PASTE_PORTS 16384

static int64_t wait_ms(const struct command_line *line)
{
    return (line->wait_s >= 0 ? line->wait_s : WAIT_DEFAULT_S) * INT64_C(1000);
}

/* Waits for the address that belongs to the log-in; *answer is the caller's to free. */
static int by_listening(const struct command_line *line, struct oauth2_redirect *redirect,
                        const char *state, char **answer, struct koppel_error *err)
{
    return oauth2_redirect_wait(redirect, state, wait_ms(line), answer, err);
}

/* Reads lines until one is the address of a log-in's end. */
static int by_pasting(const struct command_line *line, char **answer, struct koppel_error *err)
{
    int64_t until_ms = clock_monotonic_ms() + wait_ms(line);
    char text[PASTED_MAX_BYTES];
    for (;;) {
        struct oauth2_answer pasted;
        struct koppel_error why = {0};
        if (isatty(STDIN_FILENO)) {
            printf("> ");
            fflush(stdout);
        }
        if (pasted_line(until_ms, text, err) != 0)
            return -1;
        if (!text[strspn(text, " \t")])
            continue;
        int rc = oauth2_answer_read(text, &pasted, &why);
        if (rc == 0)
            rc = oauth2_answer_check(&pasted, &why);
        oauth2_answer_done(&pasted);
        if (rc == 0)
            break;
        visible_print(stderr, "koppel: %s\n", why.text);
    }
    *answer = strdup(text);
    explicit_bzero(text, sizeof text);
    return *answer ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
}

static void show(const struct command_line *line, const char *url, const char *redirect_uri)
{
    visible_print(stdout, "open this address in a browser%s and allow the access:\n%s\n",
                  line->paste ? ", on any computer," : "", url);
    if (line->paste)
        visible_print(stdout,
                      "In the end the browser comes to a page that fails to load. Paste its "
                      "address here, which begins with\n%s\n",
                      redirect_uri);
    fflush(stdout);
}

/* Both steps; redirect is NULL with --paste. */
static int log_in(const struct command_line *line, struct oauth2_redirect *redirect,
                  const char *redirect_uri)
{
    const char *name = line->words[0];
    struct koppel_error err = {0};
    json_t *begun, *out = NULL;
    char *answer = NULL;
    int rc = command_ask(line, "logins.begin",
                         json_pack("{s:s,s:s}", "connection", name, "redirect", redirect_uri), NULL,
                         NULL, &begun);
    const char *url = json_string_value(json_object_get(begun, "url"));
    const char *state = json_string_value(json_object_get(begun, "state"));
    if (rc == EXIT_OK && url && state) {
        show(line, url, redirect_uri);
        if ((redirect ? by_listening(line, redirect, state, &answer, &err)
                      : by_pasting(line, &answer, &err)) != 0)
            rc = command_failed(&err);
        else
            rc = command_ask(line, "logins.finish",
                             json_pack("{s:s,s:o}", "connection", name, "answer",
                                       command_json_text(answer)),
                             NULL, NULL, &out);
    }
    if (rc == EXIT_OK)
        visible_print(stdout, "%s is connected\n", name);
    if (answer)
        explicit_bzero(answer, strlen(answer));
    free(answer);
    json_decref(begun);
    json_decref(out);
    return rc;
}

int command_connect(const struct command_line *line)
{
    struct koppel_error err = {0};
    char redirect_uri[64];
    int port = line->port ? line->port : PASTE_PORT_FIRST + (int)clock_random(PASTE_PORTS);
    struct oauth2_redirect *redirect = NULL;
    if (!line->paste) {
        redirect = oauth2_redirect_new(line->port, &err);
        if (!redirect)
            return command_failed(&err);
        port = oauth2_redirect_port(redirect);
    }
    snprintf(redirect_uri, sizeof redirect_uri, "http://127.0.0.1:%d" OAUTH2_REDIRECT_PATH, port);
    int rc = log_in(line, redirect, redirect_uri);
    oauth2_redirect_free(redirect);
    return rc;
}
