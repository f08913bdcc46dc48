/* SPDX-License-Identifier: MIT
 * The shapes are those of problem details (RFC 9457) with the field errors that many services add,
 * of OAuth 2.0 (RFC 6749, 5.2), and plain "message" and "error". */
#include "http/http_words.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_read.h"

#define WORDS_LIMIT 2000

/* A text that holds what was said takes its place; one that was said already is left out. */
static void say(struct buf *out, const char *before, const char *text)
{
    if (!text || !*text)
        return;
    const char *said = buf_text(out);
    if (strstr(said, text))
        return;
    if (strncmp(text, said, strlen(said)) == 0)
        text += strlen(said);
    else
        buf_add_text(out, before);
    buf_add_text(out, text);
}

static void say_field(struct buf *out, const char *field, json_t *messages)
{
    size_t i;
    json_t *message;
    buf_printf(out, "%s%s", buf_text(out)[0] ? "; " : "", field);
    if (json_is_string(messages))
        buf_printf(out, ": %s", json_string_value(messages));
    json_array_foreach(messages, i, message) {
        if (json_is_string(message))
            buf_printf(out, "%s%s", i ? ", " : ": ", json_string_value(message));
    }
}

char *http_words(const char *body, size_t bytes)
{
    static const char *const members[] = {"title", "detail", "message", "error",
                                          "error_description"};
    struct buf out;
    const char *field;
    json_t *messages;
    json_t *answer = json_read(body ? body : "", body ? bytes : 0, NULL, NULL);
    const json_t *error = json_object_get(answer, "error");
    buf_init(&out, WORDS_LIMIT);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        say(&out, " ", json_string_value(json_object_get(answer, members[i])));
    say(&out, " ", json_string_value(json_object_get(error, "message")));
    json_object_foreach(json_object_get(answer, "errors"), field, messages)
        say_field(&out, field, messages);
    char *words = buf_text(&out)[0] && buf_ok(&out) ? strdup(buf_text(&out)) : NULL;
    buf_done(&out);
    json_decref(answer);
    return words;
}
