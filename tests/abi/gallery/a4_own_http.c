/* SPDX-License-Identifier: MIT
 * It is linked with an HTTP client of its own.
 * flags: -Wl,--no-as-needed -lcurl */
#include "gallery.h"

GALLERY();
