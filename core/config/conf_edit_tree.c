/* SPDX-License-Identifier: MIT
 * A configuration file with its includes as a tree: the grammar of libconfig 1.5, with places. */
#include "config/conf_edit_tree.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define INCLUDES 10 /* inside one another; libconfig's own limit */
#define DEPTH 100   /* groups and lists inside one another */

struct frame {
    struct conf_edit_file *file;
    int next;    /* its next token */
    size_t last; /* behind the last one that counts */
};

struct reader {
    struct conf_edit_files *files;
    struct frame frames[INCLUDES + 1];
    int frame, depth;
    struct conf_edit_scan_token token; /* the one at hand, of the frame at hand */
    struct koppel_error *err;
};

static int push(struct reader *r, const char *path)
{
    struct conf_edit_file *file = conf_edit_files_get(r->files, path, r->err);
    if (!file || conf_edit_files_scan(file, r->err) != 0)
        return -1;
    r->frames[++r->frame] = (struct frame){.file = file};
    return 0;
}

static int refuse(struct reader *r, const char *what)
{
    const struct frame *f = &r->frames[r->frame];
    int line = 1;
    for (size_t i = 0; i < r->token.start; i++)
        line += f->file->text[i] == '\n';
    return err_set(r->err, KOPPEL_E_CONFIG, "%s:%d: %s; koppel check tells more",
                   conf_edit_files_name(r->files, f->file->path), line, what);
}

static int include(struct reader *r, struct conf_edit_scan_token t)
{
    const char *text = r->frames[r->frame].file->text;
    const char *quote = memchr(text + t.start, '"', t.end - t.start);
    char *path = NULL;
    r->token = t;
    if (r->frame == INCLUDES)
        return refuse(r, "too many includes inside one another");
    if (asprintf(&path, "%s/%.*s", r->files->dir, (int)(text + t.end - 1 - (quote + 1)),
                 quote + 1) < 0)
        return err_set(r->err, KOPPEL_E_RETRY, "out of memory");
    int rc = push(r, path);
    free(path);
    return rc;
}

/* The next token that counts, over the beginnings and ends of includes. */
static int next(struct reader *r)
{
    for (;;) {
        struct frame *f = &r->frames[r->frame];
        struct conf_edit_scan_token t = f->file->scan.tokens[f->next];
        if (t.kind == SCAN_END && r->frame > 0) {
            r->frame--;
            continue;
        }
        if (t.kind != SCAN_END)
            f->next++;
        switch (t.kind) {
        case SCAN_BLANK:
        case SCAN_BREAK:
        case SCAN_COMMENT:
            continue;
        case SCAN_INCLUDE:
            f->last = t.end;
            if (include(r, t) != 0)
                return -1;
            continue;
        default:
            r->token = t;
            return t.kind == SCAN_BAD ? refuse(r, "cannot be read") : 0;
        }
    }
}

/* Takes the token at hand. */
static int take(struct reader *r)
{
    r->frames[r->frame].last = r->token.end;
    return next(r);
}

static char letter(const struct reader *r)
{
    return r->token.kind == SCAN_END ? '\0' : r->frames[r->frame].file->text[r->token.start];
}

static bool is_mark(const struct reader *r, const char *marks)
{
    return r->token.kind == SCAN_MARK && strchr(marks, letter(r));
}

static struct conf_edit_place here(const struct reader *r)
{
    return (struct conf_edit_place){r->frames[r->frame].file, r->token.start};
}

static struct conf_edit_place behind(const struct reader *r)
{
    return (struct conf_edit_place){r->frames[r->frame].file, r->token.end};
}

static struct conf_edit_node *add(struct reader *r, struct conf_edit_node *parent)
{
    struct conf_edit_node **more =
        realloc(parent->items, sizeof *more * ((size_t)parent->count + 1));
    struct conf_edit_node *n = calloc(1, sizeof *n);
    if (more)
        parent->items = more;
    if (!more || !n) {
        free(n);
        (void)err_set(r->err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    n->parent = parent;
    n->start = n->value = here(r);
    return parent->items[parent->count++] = n;
}

static int read_value(struct reader *r, struct conf_edit_node *n);

static int read_members(struct reader *r, struct conf_edit_node *group)
{
    while (r->token.kind == SCAN_WORD) {
        struct conf_edit_node *n = add(r, group);
        if (!n)
            return -1;
        n->name = strndup(n->start.file->text + r->token.start, r->token.end - r->token.start);
        if (!n->name)
            return err_set(r->err, KOPPEL_E_RETRY, "out of memory");
        if (take(r) != 0)
            return -1;
        if (!is_mark(r, "=:"))
            return refuse(r, "a name is not followed by = or :");
        if (take(r) != 0 || read_value(r, n) != 0)
            return -1;
        n->close = n->end;
        if (is_mark(r, ";,")) {
            n->close = behind(r);
            if (take(r) != 0)
                return -1;
        }
    }
    return 0;
}

static int read_elements(struct reader *r, struct conf_edit_node *list, char closing)
{
    while (letter(r) != closing) {
        struct conf_edit_node *n = add(r, list);
        if (!n || read_value(r, n) != 0)
            return -1;
        if (letter(r) == closing)
            break;
        if (!is_mark(r, ","))
            return refuse(r, "a list goes on without a comma");
        n->close = here(r);
        if (take(r) != 0)
            return -1;
        if (letter(r) == closing)
            return refuse(r, "a comma stands before the end of a list");
    }
    return 0;
}

static int read_inside(struct reader *r, struct conf_edit_node *n)
{
    static const char opening[] = "{[(", closing[] = "}])";
    static const enum conf_edit_type types[] = {EDIT_GROUP, EDIT_ARRAY, EDIT_LIST};
    int which = (int)(strchr(opening, letter(r)) - opening);
    n->type = types[which];
    if (r->depth++ == DEPTH)
        return refuse(r, "too many groups or lists inside one another");
    if (take(r) != 0 || (n->type == EDIT_GROUP ? read_members(r, n)
                                               : read_elements(r, n, closing[which])) != 0)
        return -1;
    r->depth--;
    if (letter(r) != closing[which])
        return refuse(r, "a group or list is not closed");
    n->shut = here(r);
    n->tail = (struct conf_edit_place){n->shut.file, r->frames[r->frame].last};
    n->end = behind(r);
    return take(r);
}

static int read_value(struct reader *r, struct conf_edit_node *n)
{
    n->value = here(r);
    if (!n->name)
        n->start = n->value;
    if (is_mark(r, "{[("))
        return read_inside(r, n);
    if (r->token.kind == SCAN_TEXT) {
        while (r->token.kind == SCAN_TEXT) {
            n->end = behind(r);
            if (take(r) != 0)
                return -1;
        }
        return 0;
    }
    if (r->token.kind != SCAN_NUMBER && r->token.kind != SCAN_WORD)
        return refuse(r, "a value is missing");
    n->end = behind(r);
    return take(r);
}

struct conf_edit_node *conf_edit_tree_read(struct conf_edit_files *files, const char *path,
                                           struct koppel_error *err)
{
    struct reader r = {.files = files, .frame = -1, .err = err};
    struct conf_edit_node *root = calloc(1, sizeof *root);
    if (!root) {
        (void)err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    root->type = EDIT_GROUP;
    int rc = push(&r, path) == 0 && next(&r) == 0 && read_members(&r, root) == 0 ? 0 : -1;
    if (rc == 0 && r.token.kind != SCAN_END)
        rc = refuse(&r, "a name was expected here");
    if (rc != 0) {
        conf_edit_tree_free(root);
        return NULL;
    }
    struct conf_edit_file *file = r.frames[0].file;
    root->tail = (struct conf_edit_place){file, r.frames[0].last};
    root->shut = root->end = (struct conf_edit_place){file, file->bytes};
    return root;
}

void conf_edit_tree_free(struct conf_edit_node *root)
{
    if (!root)
        return;
    for (int i = 0; i < root->count; i++)
        conf_edit_tree_free(root->items[i]);
    free(root->items);
    free(root->name);
    free(root);
}

struct conf_edit_node *conf_edit_tree_member(const struct conf_edit_node *group, const char *name)
{
    for (int i = 0; i < group->count; i++) {
        if (group->items[i]->name && strcmp(group->items[i]->name, name) == 0)
            return group->items[i];
    }
    return NULL;
}

int conf_edit_tree_index(const struct conf_edit_node *node)
{
    int i = 0;
    while (node->parent->items[i] != node)
        i++;
    return i;
}

/* One string, between its quotes, as libconfig reads it. */
static void unescape(struct buf *out, const char *p, const char *end)
{
    static const char from[] = "nrtf\\\"", to[] = "\n\r\t\f\\\"";
    for (; p < end; p++) {
        const char *known = *p == '\\' && p + 1 < end ? strchr(from, p[1]) : NULL;
        char hex[3] = {0};
        if (known && *known) {
            buf_add_char(out, to[known - from]);
            p++;
        } else if (*p == '\\' && end - p > 3 && (p[1] == 'x' || p[1] == 'X') &&
                   strspn(memcpy(hex, p + 2, 2), "0123456789abcdefABCDEF") == 2) {
            buf_add_char(out, (char)strtol(hex, NULL, 16));
            p += 3;
        } else {
            buf_add_char(out, *p);
        }
    }
}

char *conf_edit_tree_text(const struct conf_edit_node *node)
{
    struct buf out;
    const struct conf_edit_file *file = node->value.file;
    if (node->type != EDIT_SCALAR || node->end.file != file || file->text[node->value.at] != '"')
        return NULL;
    buf_init(&out, node->end.at - node->value.at);
    for (int i = conf_edit_scan_at(&file->scan, node->value.at);
         file->scan.tokens[i].start < node->end.at; i++) {
        const struct conf_edit_scan_token *t = &file->scan.tokens[i];
        if (t->kind == SCAN_TEXT)
            unescape(&out, file->text + t->start + 1, file->text + t->end - 1);
    }
    return buf_take(&out);
}
