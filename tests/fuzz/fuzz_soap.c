/* SPDX-License-Identifier: MIT
 * Answers of the till into records, records into requests. Input: an envelope, or a JSON object
 * that stands for the members of a request. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "soap.h"
#include "types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void write_all(const json_t *params)
{
    for (int i = 0; used_operations[i].op; i++) {
        char why[SOAP_WHY_BYTES] = "";
        size_t length = 0;
        char *xml = soap_write(used_operations[i].op, params, &length, why);
        if (xml ? length != strlen(xml) : !why[0])
            abort();
        free(xml);
    }
}

static void read_one(const struct soap_operation *op, const char *xml, size_t bytes)
{
    struct soap_fault fault = {{0}, {0}};
    char why[SOAP_WHY_BYTES] = "";
    json_t *out = NULL;
    int rc = soap_read(op, xml, bytes, &out, &fault, why);
    if ((rc == 0) != (out != NULL) || (rc < 0 && !why[0]))
        abort();
    if (out)
        write_all(out);
    json_decref(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    const char *text = (const char *)data;
    int tried = 0;
    if (bytes > 0 && text[0] == '{') {
        json_t *params = json_loadb(text, bytes, 0, NULL);
        if (params)
            write_all(params);
        json_decref(params);
        return 0;
    }
    for (int i = 0; used_operations[i].op; i++) {
        if (bytes && memmem(text, bytes, used_operations[i].op->name, strlen(used_operations[i].op->name))) {
            read_one(used_operations[i].op, text, bytes);
            tried++;
        }
    }
    if (!tried)
        read_one(&op_get_orders, text, bytes);
    return 0;
}
