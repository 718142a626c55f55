package org.redisbackup.app;

/** The service can't start as it is configured. The message is one sentence for whoever starts it. */
public class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }
}
