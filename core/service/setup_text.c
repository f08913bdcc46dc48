/* SPDX-License-Identifier: MIT
 * What the set-up says. */
#include "service/setup_text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_read.h"
#include "base/log.h"
#include "service/setup_texts_model.h"

#define TEXT_BYTES 65536

static const char *const languages[] = {"en", "de", "nl"};
static json_t *texts;

static void load(void)
{
    texts = json_read_text(setup_texts_model, NULL);
    if (texts)
        return;
    log_error(NULL, "the texts of the set-up cannot be read"); /* they are part of the program */
    abort();
}

static size_t index_of(const char *language)
{
    for (size_t i = 1; language && i < sizeof languages / sizeof *languages; i++) {
        if (strncmp(language, languages[i], 2) == 0)
            return i;
    }
    return 0;
}

const char *setup_text_language(const char *wanted)
{
    return languages[index_of(wanted)];
}

const char *setup_text_raw(const char *key, const char *language)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return json_string_value(json_array_get(json_object_get(texts, key), index_of(language)));
}

/* Appends text up to its first alternative, with names in braces filled in. */
static void fill(struct buf *out, const char *text, const json_t *facts)
{
    while (*text && *text != '|') {
        size_t n = strcspn(text, "{|");
        char name[32];
        buf_add(out, text, n);
        text += n;
        if (*text != '{')
            continue;
        n = strcspn(text, "}");
        snprintf(name, sizeof name, "%.*s", (int)(n - 1), text + 1);
        const char *value = json_string_value(json_object_get(facts, name));
        buf_add_text(out, value ? value : "");
        text += text[n] ? n + 1 : n;
    }
}

json_t *setup_text(const char *key, const char *language, json_t *facts_take)
{
    const char *text = setup_text_raw(key, language);
    struct buf out;
    buf_init(&out, TEXT_BYTES);
    fill(&out, text ? text : key, facts_take);
    json_t *made = buf_ok(&out) ? json_string_nocheck(buf_text(&out)) : NULL;
    buf_done(&out);
    json_decref(facts_take);
    return made;
}
