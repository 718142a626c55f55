package org.redisbackup.rdb;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The same bytes, returned in different portions: what a reader finds must not depend on them. */
enum Streams {
    WHOLE {
        @Override
        InputStream of(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }
    },
    BYTE_BY_BYTE {
        @Override
        InputStream of(byte[] bytes) {
            return new FilterInputStream(new ByteArrayInputStream(bytes)) {
                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    return super.read(target, offset, Math.min(length, 1));
                }
            };
        }
    };

    abstract InputStream of(byte[] bytes);
}
