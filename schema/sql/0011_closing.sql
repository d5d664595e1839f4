-- What a party refused, as the officer noted it on the document (Order 146, art. 24): to sign it, or to receive it at all.
ALTER TABLE signatures ADD COLUMN refused_what TEXT CHECK (refused_what IN ('signature', 'receipt'))
    CHECK (refused_what IS NULL OR decision = 'refused');
