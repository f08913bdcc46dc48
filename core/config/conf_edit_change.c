/* SPDX-License-Identifier: MIT
 * What an edit changes of the bytes of files: set, remove, and the carrying out. Adding is
 * in conf_edit_add.c. */
#include "config/conf_edit_change.h"

#include <stdlib.h>
#include <string.h>

#include "config/conf_edit_place.h"

int conf_edit_change_splice(struct conf_edit_change *c, struct conf_edit_file *file, size_t start,
                            size_t end, struct buf *text, struct koppel_error *err)
{
    char *made = text ? buf_take(text) : NULL;
    if (text && !made)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    c->splices[c->count++] = (struct conf_edit_splice){file, start, end, made};
    return 0;
}

static int spread(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_CONFIG,
                   "it begins in one file and ends in another that is included; edit it by hand");
}

int conf_edit_change_set(struct conf_edit_change *c, const struct conf_edit_node *node,
                         const char *value, struct koppel_error *err)
{
    struct buf text;
    if (node->value.file != node->end.file)
        return spread(err);
    buf_init(&text, CONF_EDIT_CHANGE_BYTES);
    buf_add_text(&text, value);
    return conf_edit_change_splice(c, node->value.file, node->value.at, node->end.at, &text, err);
}

static size_t over_blanks(const struct conf_edit_file *file, size_t at)
{
    return at + strspn(file->text + at, " \t");
}

static bool is_word(char c)
{
    return c && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_*+.\"", c);
}

/* Takes [start, end) out of a line; what stood before it does not become one with what follows. */
static int cut(struct conf_edit_change *c, struct conf_edit_file *file, size_t start, size_t end,
               struct koppel_error *err)
{
    struct buf text;
    buf_init(&text, 1);
    if (start > 0 && is_word(file->text[start - 1]) && is_word(file->text[end]))
        buf_add_char(&text, ' ');
    return conf_edit_change_splice(c, file, start, end, &text, err);
}

/* [start, end), which is one thing: with its lines where it has them to itself. */
static int remove_span(struct conf_edit_change *c, struct conf_edit_place start, size_t end,
                       struct koppel_error *err)
{
    struct conf_edit_file *file = start.file;
    size_t behind, below, from = start.at;
    bool begins = conf_edit_place_begins(start);
    bool rest = conf_edit_place_rest((struct conf_edit_place){file, end}, &behind, &below);
    if (begins && rest)
        return conf_edit_change_splice(c, file, conf_edit_place_above(start), below, NULL, err);
    if (begins) {
        size_t above = conf_edit_place_above(start), line = conf_edit_place_line(start);
        if (above < line && conf_edit_change_splice(c, file, above, line, NULL, err) != 0)
            return -1;
    } else if (rest) {
        while (from > 0 && (file->text[from - 1] == ' ' || file->text[from - 1] == '\t'))
            from--;
        return cut(c, file, from, end, err);
    }
    return cut(c, file, from, over_blanks(file, end), err);
}

/* Where what is removed with the element ends: behind the comma that follows on its line. */
static size_t unit_end(const struct conf_edit_node *n)
{
    struct conf_edit_place comma = n->close;
    bool same = comma.file == n->end.file &&
                !memchr(comma.file->text + n->end.at, '\n', comma.at - n->end.at);
    return same ? comma.at + 1 : n->end.at;
}

static bool only_blanks(const struct conf_edit_file *file, size_t start, size_t end)
{
    return start + strspn(file->text + start, " \t\r\n") >= end;
}

/* The last of several: the comma before it goes too. */
static int remove_last(struct conf_edit_change *c, const struct conf_edit_node *n,
                       struct koppel_error *err)
{
    struct conf_edit_place comma = n->parent->items[n->parent->count - 2]->close;
    struct conf_edit_file *file = n->start.file;
    size_t behind;
    bool own = conf_edit_place_begins(n->start) && conf_edit_place_rest(n->end, &behind, NULL);
    if (!own && comma.file == file && only_blanks(file, comma.at + 1, n->start.at))
        return cut(c, file, comma.at, n->end.at, err);
    if (conf_edit_change_splice(c, comma.file, comma.at, comma.at + 1, NULL, err) != 0)
        return -1;
    return remove_span(c, n->start, n->end.at, err);
}

int conf_edit_change_remove(struct conf_edit_change *c, const struct conf_edit_node *n,
                            struct koppel_error *err)
{
    bool member = n->name != NULL;
    if (n->start.file != n->end.file || (member && n->close.file != n->end.file))
        return spread(err);
    if (member)
        return remove_span(c, n->start, n->close.at, err);
    if (!n->close.file)
        return n->parent->count > 1 ? remove_last(c, n, err)
                                    : remove_span(c, n->start, n->end.at, err);
    size_t end = unit_end(n);
    if (end == n->end.at) {
        struct conf_edit_place comma = n->close;
        size_t behind = comma.at + 1;
        if (conf_edit_place_begins(comma))
            behind = over_blanks(comma.file, behind);
        if (conf_edit_change_splice(c, comma.file, comma.at, behind, NULL, err) != 0)
            return -1;
    }
    return remove_span(c, n->start, end, err);
}

static char *part(const struct conf_edit_file *file, size_t start, size_t end)
{
    return strndup(file->text + start, end - start);
}

int conf_edit_change_piece(const struct conf_edit_node *n, struct conf_edit_piece *out,
                           struct koppel_error *err)
{
    struct conf_edit_file *file = n->start.file;
    *out = (struct conf_edit_piece){0};
    if (file != n->end.file)
        return spread(err);
    size_t line = conf_edit_place_line(n->start), above = line, end = n->end.at, behind = 0;
    if (n->close.file)
        end = unit_end(n);
    bool begins = conf_edit_place_begins(n->start);
    bool rest = conf_edit_place_rest((struct conf_edit_place){file, end}, &behind, NULL);
    if (begins)
        above = conf_edit_place_above(n->start);
    out->lead = part(file, above, line);
    out->value = part(file, n->value.at, n->end.at);
    out->tail = part(file, end, begins && rest ? behind : end);
    if (out->lead && out->value && out->tail)
        return 0;
    conf_edit_change_piece_done(out);
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

void conf_edit_change_piece_done(struct conf_edit_piece *p)
{
    free(p->lead);
    free(p->value);
    free(p->tail);
    *p = (struct conf_edit_piece){0};
}

/* The last one first, so that the places of the others stay right. */
static struct conf_edit_splice *last_of(struct conf_edit_change *c)
{
    struct conf_edit_splice *last = NULL;
    for (int i = 0; i < c->count; i++) {
        struct conf_edit_splice *s = &c->splices[i];
        if (s->file && (!last || s->start > last->start))
            last = s;
    }
    return last;
}

int conf_edit_change_apply(struct conf_edit_change *c, struct koppel_error *err)
{
    struct conf_edit_splice *s;
    while ((s = last_of(c))) {
        struct buf text;
        buf_init(&text, CONF_EDIT_CHANGE_BYTES);
        buf_add(&text, s->file->text, s->start);
        buf_add_text(&text, s->text ? s->text : "");
        buf_add_text(&text, s->file->text + s->end);
        size_t bytes = text.bytes;
        char *made = buf_take(&text);
        if (!made)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        conf_edit_files_put(s->file, made, bytes);
        s->file = NULL;
    }
    return 0;
}

void conf_edit_change_done(struct conf_edit_change *c)
{
    for (int i = 0; i < c->count; i++)
        free(c->splices[i].text);
    *c = (struct conf_edit_change){0};
}
