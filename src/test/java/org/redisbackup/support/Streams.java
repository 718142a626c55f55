package org.redisbackup.support;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The same bytes, returned in different portions: what a reader finds must not depend on them. */
public enum Streams {
    WHOLE {
        @Override
        public InputStream of(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }
    },
    BYTE_BY_BYTE {
        @Override
        public InputStream of(byte[] bytes) {
            return new FilterInputStream(new ByteArrayInputStream(bytes)) {
                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    return super.read(target, offset, Math.min(length, 1));
                }
            };
        }
    };

    public abstract InputStream of(byte[] bytes);
}
