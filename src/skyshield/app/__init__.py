"""The application: a scenario is moved by levers in the browser, and answers with its doubt."""
