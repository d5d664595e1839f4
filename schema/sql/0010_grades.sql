-- Who may lead an accident in which somebody is hurt (Order 146, art. 5), and who wrote down what a party agreed to.

ALTER TABLE users ADD COLUMN grade TEXT CHECK (grade IN ('junior', 'middle', 'senior')); -- NULL: none

ALTER TABLE consents ADD COLUMN recorded_by TEXT REFERENCES users (id); -- NULL: the party itself
