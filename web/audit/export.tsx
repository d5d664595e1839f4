// The case as a bundle that a court can check without this service.
import { BundleButton } from '@shared/bundle';
import { api } from '@shared/staff';
import type { Case } from '@shared/types';

export function ExportCase({ file }: { file: Case }) {
  return <BundleButton api={api} caseId={file.id} size="s" />;
}
