/* SPDX-License-Identifier: MIT
 * A remedy's command, filled in and quoted for a shell. */
#include "flow/remedy_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/job.h"

#define COMMAND_BYTES 2000

/* What stands for a name in braces; NULL: it is not known. buf: for a cause. */
static const char *known(const struct remedy_command_about *about, const char *name,
                         char buf[JOB_CAUSE_BYTES])
{
    if (strcmp(name, "flow") == 0)
        return about->flow;
    if (strcmp(name, "job") == 0)
        return about->job;
    if (strcmp(name, "cause") != 0)
        return json_string_value(json_object_get(about->facts, name));
    if (about->cause)
        job_cause_format(about->cause, buf);
    return about->cause ? buf : NULL;
}

/* Words of letters, digits and what no shell reads stand as they are. */
static void add_quoted(struct buf *out, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./@:,+=%";
    if (*text && text[strspn(text, plain)] == '\0') {
        buf_add_text(out, text);
        return;
    }
    buf_add_text(out, "'");
    for (; *text; text++) {
        if (*text == '\'')
            buf_add_text(out, "'\\''");
        else
            buf_add_char(out, *text);
    }
    buf_add_text(out, "'");
}

char *remedy_command(const struct remedy *r, const struct remedy_command_about *about)
{
    struct buf out;
    bool whole = r->command != NULL;
    buf_init(&out, COMMAND_BYTES);
    for (const char *at = r->command; at && *at && whole;) {
        size_t n = strcspn(at, "{");
        char name[32], cause[JOB_CAUSE_BYTES];
        buf_add(&out, at, n);
        at += n;
        if (*at != '{')
            break;
        n = strcspn(at, "}");
        snprintf(name, sizeof name, "%.*s", (int)(n - 1), at + 1);
        at += n + 1;
        const char *text = known(about, name, cause);
        whole = text != NULL;
        if (text)
            add_quoted(&out, text);
    }
    char *command = whole && buf_ok(&out) ? strdup(buf_text(&out)) : NULL;
    buf_done(&out);
    return command;
}

const char *remedy_command_words(const struct remedy *r, const json_t *facts)
{
    const char *own = json_string_value(json_object_get(facts, "remedy"));
    return own && *own ? own : r->text;
}

json_t *remedy_command_json(const struct remedy *r, const struct remedy_command_about *about)
{
    char *command = remedy_command(r, about);
    json_t *out = json_pack("{s:s,s:s,s:s,s:o}", "do", remedy_action_name(r->action), "severity",
                            remedy_severity_name(r->severity), "text",
                            remedy_command_words(r, about->facts), "command",
                            command ? json_string_nocheck(command) : json_null());
    free(command);
    for (int i = 0; out && r->facts[i]; i++) {
        json_t *fact = json_object_get(about->facts, r->facts[i]);
        if (fact)
            json_object_set(out, r->facts[i], fact);
    }
    return out;
}
