/* SPDX-License-Identifier: MIT
 * Adding to a group, array or list in the way in which it is written already: on lines of their
 * own with their indent, or one behind the other. */
#include "config/conf_edit_add.h"

#include <string.h>

#include "config/conf_edit_place.h"

/* A line break, and the blanks that the line of p begins with. */
static void add_line(struct buf *out, struct conf_edit_place p)
{
    buf_add_text(out, conf_edit_place_eol(p.file));
    buf_add(out, p.file->text + conf_edit_place_line(p), (size_t)conf_edit_place_indent(p));
}

static bool is_empty(const struct conf_edit_node *n)
{
    if (!n->parent)
        return n->tail.at == 0;
    return n->tail.file == n->value.file && n->tail.at == n->value.at + 1;
}

/* The last item that stands in the file where the group ends, and begins its line; NULL: none. */
static const struct conf_edit_node *model_of(const struct conf_edit_node *n)
{
    for (int i = n->count - 1; i >= 0; i--) {
        if (n->items[i]->start.file == n->tail.file && conf_edit_place_begins(n->items[i]->start))
            return n->items[i];
    }
    return NULL;
}

/* Into a root without members: at the end of its file. */
static int fill_root(struct conf_edit_change *c, const struct conf_edit_node *root,
                     const char *text, struct koppel_error *err)
{
    struct conf_edit_file *file = root->shut.file;
    const char *eol = conf_edit_place_eol(file);
    bool open = file->bytes > 0 && file->text[file->bytes - 1] != '\n';
    struct buf out;
    buf_init(&out, CONF_EDIT_CHANGE_BYTES);
    buf_printf(&out, "%s%s%s", open ? eol : "", text, open ? "" : eol);
    return conf_edit_change_splice(c, file, file->bytes, file->bytes, &out, err);
}

/* Into brackets with nothing between, or comments only. */
static int fill(struct conf_edit_change *c, const struct conf_edit_node *n, const char *text,
                struct koppel_error *err)
{
    struct conf_edit_file *file = n->tail.file;
    struct conf_edit_place last = n->tail;
    size_t behind, at = n->tail.at, to = at;
    struct buf out;
    int unit = 0;
    buf_init(&out, CONF_EDIT_CHANGE_BYTES);
    bool below = conf_edit_place_rest(n->tail, &behind, NULL);
    for (int i = conf_edit_scan_at(&file->scan, at); file->scan.tokens[i].start < n->shut.at; i++) {
        if (file->scan.tokens[i].kind == SCAN_COMMENT) {
            last.at = file->scan.tokens[i].start;
            at = to = file->scan.tokens[i].end;
            below = below || file->text[last.at + 1] != '*';
        }
    }
    if (below) {
        add_line(&out, last);
        if (last.at == n->tail.at || !conf_edit_place_begins(last)) {
            const char *blanks = conf_edit_place_unit(file, &unit);
            buf_add(&out, blanks, (size_t)unit);
        }
        buf_add_text(&out, text);
    } else {
        buf_printf(&out, " %s ", text);
        to = n->shut.at;
    }
    return conf_edit_change_splice(c, file, at, to, &out, err);
}

/* name = value; with the sign and blanks that the members before it have. */
static void member_text(struct buf *out, const struct conf_edit_node *group, const char *name,
                        const char *value)
{
    const struct conf_edit_node *last = group->count ? group->items[group->count - 1] : NULL;
    buf_add_text(out, name);
    if (last && last->value.file == last->start.file) {
        const char *between = last->start.file->text + last->start.at + strlen(last->name);
        size_t n = last->value.at - last->start.at - strlen(last->name);
        if (strspn(between, " =:") >= n)
            buf_add(out, between, n);
        else
            buf_add_text(out, " = ");
    } else {
        buf_add_text(out, " = ");
    }
    buf_printf(out, "%s;", value);
}

static int add_behind(struct conf_edit_change *c, const struct conf_edit_node *group,
                      const char *text, struct koppel_error *err)
{
    const struct conf_edit_node *model = model_of(group);
    struct conf_edit_place tail = group->tail;
    size_t behind;
    struct buf out;
    buf_init(&out, CONF_EDIT_CHANGE_BYTES);
    if (conf_edit_place_rest(tail, &behind, NULL)) {
        add_line(&out, model ? model->start : tail);
        tail.at = behind;
    } else {
        buf_add_char(&out, ' ');
    }
    buf_add_text(&out, text);
    return conf_edit_change_splice(c, tail.file, tail.at, tail.at, &out, err);
}

int conf_edit_add_member(struct conf_edit_change *c, const struct conf_edit_node *group,
                         const char *name, const char *value, struct koppel_error *err)
{
    struct buf text;
    buf_init(&text, CONF_EDIT_CHANGE_BYTES);
    member_text(&text, group, name, value);
    int rc = !buf_ok(&text)      ? err_set(err, KOPPEL_E_RETRY, "out of memory")
             : !is_empty(group)  ? add_behind(c, group, buf_text(&text), err)
             : group->parent     ? fill(c, group, buf_text(&text), err)
                                 : fill_root(c, group, buf_text(&text), err);
    buf_done(&text);
    return rc;
}

static int insert_before(struct conf_edit_change *c, const struct conf_edit_node *next,
                         const struct conf_edit_piece *p, struct koppel_error *err)
{
    struct conf_edit_file *file = next->start.file;
    const char *eol = conf_edit_place_eol(file), *line = file->text +
                                                         conf_edit_place_line(next->start);
    int indent = conf_edit_place_indent(next->start);
    size_t at = next->start.at;
    struct buf out;
    buf_init(&out, CONF_EDIT_CHANGE_BYTES);
    if (conf_edit_place_begins(next->start)) {
        at = conf_edit_place_above(next->start);
        buf_printf(&out, "%s%.*s%s,%s%s", p->lead, indent, line, p->value, p->tail, eol);
    } else if (*p->lead || *p->tail) {
        buf_printf(&out, "%s%s%.*s%s,%s%s%.*s", eol, p->lead, indent, line, p->value, p->tail, eol,
                   indent, line);
    } else {
        buf_printf(&out, "%s, ", p->value);
    }
    return conf_edit_change_splice(c, file, at, at, &out, err);
}

/* Are the elements written below one another? A list of scalars that is wrapped is not. */
static bool is_column(const struct conf_edit_node *list, bool rest)
{
    const struct conf_edit_node *last = list->items[list->count - 1];
    const struct conf_edit_node *before = list->count > 1 ? list->items[list->count - 2] : NULL;
    if (!conf_edit_place_begins(last->start))
        return false;
    return rest || (before && (last->type != EDIT_SCALAR || conf_edit_place_begins(before->start)));
}

static int insert_last(struct conf_edit_change *c, const struct conf_edit_node *list,
                       const struct conf_edit_piece *p, struct koppel_error *err)
{
    const struct conf_edit_node *last = list->items[list->count - 1];
    struct conf_edit_place end = last->end;
    size_t behind;
    struct buf out;
    bool rest = conf_edit_place_rest(end, &behind, NULL);
    bool column = is_column(list, rest);
    buf_init(&out, CONF_EDIT_CHANGE_BYTES);
    buf_add_char(&out, ',');
    if (!column && !*p->lead && !*p->tail) {
        buf_printf(&out, " %s", p->value);
        return conf_edit_change_splice(c, end.file, end.at, end.at, &out, err);
    }
    if (rest && behind > end.at) {
        if (conf_edit_change_splice(c, end.file, end.at, end.at, &out, err) != 0)
            return -1;
        end.at = behind;
        buf_init(&out, CONF_EDIT_CHANGE_BYTES);
    }
    if (*p->lead) { /* whole lines: the last line break follows with what comes next */
        size_t n = strlen(p->lead) - strlen(conf_edit_place_eol(end.file));
        buf_printf(&out, "%s%.*s", conf_edit_place_eol(end.file), (int)n, p->lead);
    }
    add_line(&out, last->start);
    buf_printf(&out, "%s%s", p->value, p->tail);
    if (*p->tail && !rest)
        add_line(&out, last->start);
    return conf_edit_change_splice(c, end.file, end.at, end.at, &out, err);
}

int conf_edit_add_element(struct conf_edit_change *c, const struct conf_edit_node *list, int index,
                          const struct conf_edit_piece *piece, struct koppel_error *err)
{
    if (index < list->count)
        return insert_before(c, list->items[index], piece, err);
    if (list->count > 0)
        return insert_last(c, list, piece, err);
    /* not empty without an element: it holds an include of nothing */
    return is_empty(list) ? fill(c, list, piece->value, err)
                          : add_behind(c, list, piece->value, err);
}
