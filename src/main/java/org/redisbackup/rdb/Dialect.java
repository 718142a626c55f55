package org.redisbackup.rdb;

/**
 * The family of servers whose format a file or a server speaks. Both families number their additions on their own, so
 * value type 22 of a {@code REDIS0012} file is not value type 22 of a {@code VALKEY080} file.
 */
public enum Dialect {
    /** Magic {@code REDIS}, versions 1 and up; also what Valkey up to 8.1 writes. */
    REDIS,
    /** Magic {@code VALKEY}, versions 80 and up: Valkey 9 and later. */
    VALKEY
}
