// SPDX-License-Identifier: MIT
// Files of sales invoices: one part "File" of a multipart body, kept by name, type and size.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "asperion_parts.h"

#define BOUNDARY_MAX 70 // RFC 2046

struct part {
    char file[TEXT_MAX + 1], type[TEXT_MAX + 1];
    size_t bytes;
};

// "boundary=..." of the content type with the two dashes before it; false when there is none.
static bool boundary_of(const struct request *req, char *out, size_t bytes)
{
    const char *type = request_header(req, "Content-Type");
    const char *at = type ? strcasestr(type, "boundary=") : NULL;
    if (!at || strncasecmp(type, "multipart/form-data", 19) != 0)
        return false;
    at += strlen("boundary=");
    bool quoted = *at == '"';
    at += quoted;
    size_t n = strcspn(at, quoted ? "\"" : "; ");
    return n > 0 && n <= BOUNDARY_MAX && snprintf(out, bytes, "--%.*s", (int)n, at) > 0;
}

// A quoted parameter of a header line, as name="value".
static bool parameter(const char *line, const char *name, char *out, size_t bytes)
{
    char wanted[32];
    snprintf(wanted, sizeof wanted, " %s=\"", name);
    const char *at = strcasestr(line, wanted);
    if (!at)
        return false;
    at += strlen(wanted);
    snprintf(out, bytes, "%.*s", (int)strcspn(at, "\""), at);
    return true;
}

// The headers of the first part, which end with an empty line at `end`.
static bool part_head(const char *head, size_t bytes, struct part *p)
{
    char text[2048], name[64] = "";
    snprintf(text, sizeof text, "%.*s", (int)bytes, head);
    const char *type = strcasestr(text, "Content-Type:");
    if (!type || !parameter(text, "name", name, sizeof name) || strcmp(name, "File") != 0)
        return false;
    type += strlen("Content-Type:");
    type += strspn(type, " ");
    snprintf(p->type, sizeof p->type, "%.*s", (int)strcspn(type, "\r\n;"), type);
    return parameter(text, "filename", p->file, sizeof p->file) && *p->file && *p->type;
}

// What is wrong with the body, or NULL. Exactly one part is wanted.
static const char *take_part(const struct request *req, struct part *p)
{
    char mark[BOUNDARY_MAX + 8];
    if (!boundary_of(req, mark, sizeof mark))
        return "multipart/form-data with a boundary is wanted";
    size_t n = strlen(mark);
    const char *body = req->body, *end = body + req->body_bytes;
    if (req->body_bytes < n || memcmp(body, mark, n) != 0)
        return "the body does not begin with the boundary";

    const char *head = body + n;
    const char *data = memmem(head, (size_t)(end - head), "\r\n\r\n", 4);
    if (!data || !part_head(head, (size_t)(data - head), p))
        return "one part named File with a file name and a type is wanted";
    data += 4;

    const char *last = memmem(data, (size_t)(end - data), mark, n);
    if (!last || last < data + 2 || end - last < (ptrdiff_t)n + 2 || memcmp(last + n, "--", 2))
        return "the part does not end with the boundary, or there is another one";
    p->bytes = (size_t)(last - data) - 2;
    return p->bytes ? NULL : "the file is empty";
}

int file_add(const struct call *c, int64_t row)
{
    struct books *b = c->books;
    struct part p = {.bytes = 0};
    char base[256];
    c->reply->operation = "salesinvoiceswithlines.file";
    const char *why = take_part(c->req, &p);
    if (why)
        return answer_problem(c->req, c->reply, 400, why, why, json_pack("{s:[s]}", "File", why));
    if (!b->files)
        b->files = json_array();

    call_base_url(b, c->req, base, sizeof base);
    const char *dot = strrchr(p.file, '.');
    json_t *id = json_sprintf("f-%zu", json_array_size(b->files) + 1);
    json_t *url = json_sprintf("%s/files/%s", base, json_string_value(id));
    json_t *file =
        json_pack("{s:o,s:s,s:s,s:s,s:I,s:s,s:o,s:n,s:n,s:n,s:n}", "id", id, "name", p.file, "type",
                  p.type, "extension", dot ? dot : "", "size", (json_int_t)p.bytes, "createdOn",
                  "2026-11-20T12:00:00", "fileUrl", url, "fullImageUrl", "thumbnail1Url",
                  "thumbnail2Url", "thumbnail3Url");
    json_t *kept = json_copy(file);
    json_int_t invoice = rows_id(&c->tenant->rows[ROWS_INVOICES], (size_t)row);
    if (!file || !kept || json_object_set_new(kept, "invoiceId", json_integer(invoice)) != 0 ||
        json_array_append_new(b->files, kept) != 0) {
        json_decref(file);
        return -1;
    }
    return answer_json(c->reply, 200, file);
}

int files_show(const struct books *b, struct reply *reply)
{
    return answer_json(
        reply, 200, json_pack("{s:o}", "files", b->files ? json_incref(b->files) : json_array()));
}
