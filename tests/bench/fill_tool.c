/* SPDX-License-Identifier: MIT
 * fill_tool STORE FOLDER JOBS: so many jobs into a store whose key is FOLDER/secret.key. */
#include <stdio.h>
#include <stdlib.h>

#include "fill.h"
#include "store/store_sqlite.h"

int main(int argc, char **argv)
{
    struct koppel_error err = {0};
    struct secret *key = NULL;
    struct store *store = NULL;
    if (argc != 4 || secret_start(&err) != 0 ||
        secret_key_load("file:secret.key", argv[2], &key, &err) != 0) {
        fprintf(stderr, "fill_tool STORE FOLDER JOBS: %s\n", err.text);
        return 1;
    }
    struct store_conf conf = {.path = argv[1], .key = key};
    if (store_sqlite.open(&conf, STORE_ENGINE, &store, &err) != 0) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    fill_store(store, atoi(argv[3]));
    store->ops->close(store);
    secret_free(key);
    return 0;
}
