/* SPDX-License-Identifier: MIT
 * Its catalogue has a member that nobody knows. */
#define GALLERY_MORE "\"colour\":\"red\","
#include "gallery.h"

GALLERY();
